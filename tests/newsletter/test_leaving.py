"""Everybody can unsubscribe, even with a dead link, and nobody learns who is subscribed."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from newsletter import services, tokens
from newsletter.choices import SubscriberState, SuppressionReason
from newsletter.models import Subscriber
from newsletter.tokens import Purpose

from .conftest import RunJobs
from .factories import SubscriberFactory

ADDRESS = "supporter@example.org"
LEAVE = "/newsletter/leave/"


@pytest.fixture
def confirmed() -> Subscriber:
    return SubscriberFactory.create(email=ADDRESS, confirmed=True)


def ask(client: Client, email: str = ADDRESS, *, path: str = LEAVE) -> Any:
    return client.post(path, {"email": email}, headers={"Sec-Fetch-Site": "same-origin"})


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


# Dead links


def dead_links(subscriber: Subscriber, settings: Any) -> dict[str, str]:
    """Return links to unsubscribe that no longer work, or never did. Replaces all keys."""
    token = tokens.make(subscriber, Purpose.UNSUBSCRIBE)
    settings.HASH_KEY = "a new hash key, and the earlier one forgotten"
    forgotten_hash_key = tokens.make(subscriber, Purpose.UNSUBSCRIBE)
    settings.HASH_KEY = "yet another"
    settings.SECRET_KEY = "a new secret key"
    return {
        "another hash key": _signed_again(forgotten_hash_key),
        "another secret key": token,
        "cut off": token[:40],
        "nonsense": "nonsense",
    }


def _signed_again(token: str) -> str:
    payload = token.partition(tokens.SEPARATOR)[0]
    return tokens._signer(Purpose.UNSUBSCRIBE).sign(payload)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_dead_link_offers_a_new_one_and_does_not_reveal_a_subscription(
    method: str, confirmed: Subscriber, client: Client, settings: Any
) -> None:
    for what, token in dead_links(confirmed, settings).items():
        response = getattr(client, method)(f"/newsletter/unsubscribe/{token}/")
        assert response.status_code in {404, 410}, what
        main = main_of(response.text)
        assert f'action="{LEAVE}"' in main, what
        assert "you are subscribed" not in main, what
        assert "nothing left to do" not in main, what
        assert response["X-Robots-Tag"] == "noindex"


def test_a_preferences_link_with_an_old_key_is_not_called_used(
    confirmed: Subscriber, client: Client, settings: Any
) -> None:
    token = tokens.make(confirmed, Purpose.PREFERENCES)
    settings.HASH_KEY = "another"
    response = client.get(f"/newsletter/preferences/{token}/")
    assert response.status_code == 410
    assert "It has already been used" not in response.text
    assert f'href="{LEAVE}"' in main_of(response.text)


def test_former_subscribers_see_that_it_ended(confirmed: Subscriber, client: Client) -> None:
    link = f"/newsletter/unsubscribe/{tokens.make(confirmed, Purpose.UNSUBSCRIBE)}/"
    services.unsubscribe_address(email=ADDRESS)
    assert "has ended" in main_of(client.get(link).text)


def test_an_old_confirmation_link_after_a_new_sign_up_is_called_replaced(
    confirmed: Subscriber, client: Client
) -> None:
    link = f"/newsletter/confirm/{tokens.make(confirmed, Purpose.CONFIRM)}/"
    services.unsubscribe_address(email=ADDRESS)
    Subscriber.objects.update(state=SubscriberState.PENDING)
    main = main_of(client.get(link).text)
    assert "has signed up again" in main
    assert "has ended" not in main


# Requesting a new link


def test_a_new_link_comes_by_mail_and_ends_the_subscription(
    confirmed: Subscriber, client: Client, run_jobs: RunJobs, settings: Any
) -> None:
    settings.HASH_KEY = "another"
    assert ask(client)["Location"] == "/newsletter/leave/asked/"
    run_jobs()
    [message] = mail.outbox
    assert message.to == [ADDRESS]
    [link] = set(re.findall(r"/newsletter/unsubscribe/[^/\s]+/", str(message.body)))
    assert client.post(link).status_code == 200
    confirmed.refresh_from_db()
    assert confirmed.state == SubscriberState.UNSUBSCRIBED


def make_nobody() -> None:
    pass


def make_pending() -> None:
    SubscriberFactory.create(email=ADDRESS)


def make_confirmed() -> None:
    SubscriberFactory.create(email=ADDRESS, confirmed=True)


def make_unsubscribed() -> None:
    make_confirmed()
    services.unsubscribe_address(email=ADDRESS)


def make_complained() -> None:
    make_confirmed()
    services.suppress(email=ADDRESS, reason=SuppressionReason.COMPLAINED)


def make_erased() -> None:
    make_confirmed()
    services.erase_person(email=ADDRESS)


STATES = [
    (make_nobody, 0),
    (make_pending, 1),
    (make_confirmed, 1),
    (make_unsubscribed, 0),
    (make_complained, 0),
    (make_erased, 0),
]


@pytest.mark.parametrize(("make", "mails"), STATES)
def test_the_response_and_its_queries_are_the_same_for_every_address(
    make: Any, mails: int, client: Client, run_jobs: RunJobs
) -> None:
    make()
    run_jobs()
    mail.outbox.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = ask(client)
    assert (response.status_code, response["Location"]) == (302, "/newsletter/leave/asked/")
    assert not response.cookies
    statements = [query["sql"].split(maxsplit=1)[0] for query in queries]
    job = ProcrastinateJob.objects.order_by("-pk")[0]
    assert (job.task_name, list(job.args)) == ("newsletter.answer_leaver", ["subscriber_id"])
    assert ADDRESS not in str(job.args)
    run_jobs()
    assert len(mail.outbox) == mails
    # Compared with the response for an unknown address.
    cache.clear()
    with CaptureQueriesContext(connection) as of_a_stranger:
        ask(client, "stranger@example.org")
    assert statements == [query["sql"].split(maxsplit=1)[0] for query in of_a_stranger]


def test_a_link_to_unsubscribe_can_be_requested_right_after_a_sign_up(
    client: Client, run_jobs: RunJobs, sign_up: Any
) -> None:
    sign_up(ADDRESS)
    ask(client)
    run_jobs()
    assert ["confirm" in message.subject for message in mail.outbox] == [True, False]


def test_repeated_requests_do_not_fill_a_mailbox(
    confirmed: Subscriber, client: Client, run_jobs: RunJobs
) -> None:
    for _time in range(4):
        ask(client)
    run_jobs()
    assert len(mail.outbox) == 1


def test_an_address_stored_under_older_rules_can_unsubscribe(
    client: Client, run_jobs: RunJobs
) -> None:
    SubscriberFactory.create(email="ırmak@example.org", confirmed=True)
    for email in ("ırmak@example.org", "ıstranger@example.org"):
        assert ask(client, email).status_code == 302
    run_jobs()
    assert [message.to for message in mail.outbox] == [["ırmak@example.org"]]


@pytest.mark.parametrize("email", ["", "nonsense", "a" * 400, "a\0@example.org"])
def test_an_invalid_address_is_reported(email: str, client: Client) -> None:
    response = ask(client, email)
    assert response.status_code == 422
    assert response.context["form"].errors["email"]
    assert "no-store" in response["Cache-Control"]


def test_another_site_cannot_send_the_form(client: Client) -> None:
    response = client.post(LEAVE, {"email": ADDRESS}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403


def test_too_many_requests_are_refused(client: Client) -> None:
    answers = [ask(client, f"a{number}@example.org").status_code for number in range(6)]
    assert answers == [302] * 5 + [429]


def test_failure_is_reported_and_keeps_the_input(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError(f"Failing row contains ({ADDRESS})")

    monkeypatch.setattr("procrastinate.jobs.JobDeferrer.defer", fail)
    response = ask(client)
    assert response.status_code == 503
    assert "No mail was sent" in response.text
    assert f'value="{ADDRESS}"' in response.text
    assert "newsletter.leaving_failed" in caplog.messages
    assert ADDRESS not in caplog.text


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_pages_and_mail_are_in_the_language_of_the_reader(
    language: str, client: Client, run_jobs: RunJobs
) -> None:
    SubscriberFactory.create(email=ADDRESS, confirmed=True, language=language)
    for path in (f"/{language}{LEAVE}", f"/{language}/newsletter/unsubscribe/x/"):
        main = main_of(client.get(path).text)
        assert "Enter the address" not in main
        assert "Unsubscribe" not in main
        assert f'action="/{language}{LEAVE}"' in main
    location = ask(client, path=f"/{language}{LEAVE}")["Location"]
    assert "inbox" not in main_of(client.get(location).text)
    run_jobs()
    [message] = mail.outbox
    assert "leave" not in message.subject
    assert "Somebody" not in str(message.body)
    assert f"/{language}/newsletter/unsubscribe/" in str(message.body)
