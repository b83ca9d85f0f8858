"""A mail server that refuses, greylists, limits and drops connections: a short version of the trial `delivery`."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter.choices import DeliveryState, MailingState, SubscriberState
from newsletter.delivery import outcomes
from newsletter.delivery.sending import take_turn
from newsletter.mailings.services import resend_uncertain, settle_by_list
from newsletter.models import Delivery, Mailing, Subscriber
from tests.jobs import run_jobs
from tests.mail_sink import MailSink
from trials.delivery import difficult_server, discrepancies
from trials.delivery_site import addresses

from .conftest import MakeMailing

pytestmark = pytest.mark.chaos

RECIPIENTS, DEAD, UNWANTED = 200, 10, 2
PATIENCE = 120.0  # seconds


def send_all(mailing: Mailing) -> None:
    deadline = time.monotonic() + PATIENCE
    while (rest := take_turn(seconds=5)) is not None:
        assert time.monotonic() < deadline
        time.sleep(min(rest, 0.5))
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT, mailing.pause_details


def ledger() -> list[tuple[str, str, str]]:
    found = Delivery.objects.select_related("subscriber")
    return [(one.message_id, str(one.subscriber), one.state) for one in found]


def test_a_difficult_server_gets_each_message_once(
    transactional_db: None,
    make_mailing: MakeMailing,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outcomes, "WAITS", [timedelta(seconds=0.2)] * 6)
    readers = addresses(RECIPIENTS)
    with MailSink(difficult_server(tmp_path, recipients=RECIPIENTS)) as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        mailing = make_mailing(RECIPIENTS)
        send_all(mailing)
        received = sink.received()
        assert not any(discrepancies(ledger(), [one.message_id for one in received]).values())
        counted = Delivery.objects.filter(mailing=mailing).count_by_state()
        assert counted[DeliveryState.UNCERTAIN] > 0, (
            "the server dropped a connection after the content"
        )
        assert counted[DeliveryState.FAILED] == DEAD + UNWANTED

        listed = "\n".join(one.message_id for one in received)
        assert settle_by_list(mailing_id=mailing.pk, content=listed) > 0
        resend_uncertain(mailing_id=mailing.pk)
        send_all(mailing)
        run_jobs()
        taken = [one.recipient for one in sink.received()]
    assert sorted(taken) == sorted(readers[DEAD:-UNWANTED])
    suppressed = Subscriber.objects.filter(state=SubscriberState.SUPPRESSED)
    assert set(suppressed.values_list("email", flat=True)) == set(readers[:DEAD])
