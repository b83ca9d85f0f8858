"""Mails to one person, by the answers of the mail server."""

from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from procrastinate.contrib.django import app

from core.jobs import MailNotSentError
from newsletter.choices import SubscriberState
from newsletter.models import Subscriber
from newsletter.services import ANSWER_SIGN_UP, is_suppressed
from tests.newsletter.conftest import RunJobs, SignUp

from .conftest import StartSink

ADDRESS = "supporter@example.org"


def try_once(run_jobs: RunJobs) -> None:
    with pytest.raises(MailNotSentError) as raised:
        run_jobs()
    assert ADDRESS not in str(raised.value)
    assert raised.value.__cause__ is None


def test_mail_with_a_temporary_failure_is_retried_and_sent(
    sign_up: SignUp, run_jobs: RunJobs, start_sink: StartSink
) -> None:
    start_sink(replies={"RCPT": f"450 4.2.1 not now, {ADDRESS}"})
    sign_up(ADDRESS)
    try_once(run_jobs)
    start_sink().kill()
    try_once(run_jobs)
    sink = start_sink()
    run_jobs()
    assert [one.recipient for one in sink.received()] == [ADDRESS]
    retry = app.tasks[ANSWER_SIGN_UP].retry_strategy
    assert retry is not None


@pytest.mark.parametrize(("reply", "is_dead"), [("550 5.1.1 none", True), ("550 5.7.1 no", False)])
def test_refused_address_is_not_retried(
    reply: str, is_dead: bool, sign_up: SignUp, run_jobs: RunJobs, start_sink: StartSink
) -> None:
    sink = start_sink(replies={"RCPT": f"{reply} {ADDRESS}"})
    sign_up(ADDRESS)
    run_jobs()
    assert sink.received() == []
    assert is_suppressed(email=ADDRESS) == is_dead
    assert Subscriber.objects.get().state == (
        SubscriberState.SUPPRESSED if is_dead else SubscriberState.PENDING
    )


def test_mail_with_a_lost_connection_is_retried_once_at_most(
    sign_up: SignUp, run_jobs: RunJobs, start_sink: StartSink, caplog: pytest.LogCaptureFixture
) -> None:
    sink = start_sink(vanish=[ADDRESS])
    sign_up(ADDRESS)
    try_once(run_jobs)
    run_jobs()
    assert "newsletter.mail_uncertain" in caplog.messages
    first, second = sink.received()
    assert first.message_id == second.message_id, "a mail program shows it only once"


def test_message_ids_reveal_no_count(
    sign_up: SignUp, run_jobs: RunJobs, start_sink: StartSink, tmp_path: Path
) -> None:
    sink = start_sink(keep=str(tmp_path))
    sign_up("one@example.org")
    sign_up("two@example.org")
    run_jobs()
    names = {one.message_id for one in sink.received()}
    assert len(names) == 2
    assert all(len(name.split("@")[0]) == 33 for name in names)
    message = message_from_bytes((tmp_path / "one@example.org.eml").read_bytes())
    assert message.get_all("Message-ID") == [sink.received()[0].message_id]


def test_mail_that_cannot_be_built_waits(
    sign_up: SignUp, run_jobs: RunJobs, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "token",
        "POSTMARK_API_URL": "http://127.0.0.1:9/",
        "REQUESTS_TIMEOUT": "4",
    }
    sign_up(ADDRESS)
    for _ in range(3):
        try_once(run_jobs)
    assert "newsletter.mail_uncertain" not in caplog.messages
    assert ADDRESS not in caplog.text
