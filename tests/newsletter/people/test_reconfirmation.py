"""Reconfirmation: its recipients, their answers, and the end of subscriptions without an answer."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from newsletter import services, tokens
from newsletter.choices import (
    ConsentEvent,
    DeliveryState,
    MailingKind,
    MailingState,
    SubscriberState,
    SuppressionReason,
)
from newsletter.consent import Circumstances
from newsletter.mail_content import Slot
from newsletter.models import (
    ConsentRecord,
    Delivery,
    Mailing,
    Segment,
    Subscriber,
    SuppressedAddress,
)
from newsletter.models.subscribers import Preferences
from newsletter.people import reconfirmation, tasks
from newsletter.people.reconfirmation import (
    DAYS_TO_ANSWER,
    audience_of,
    end_unanswered,
    order_reconfirmation,
    render_reconfirmation,
    unanswered,
)
from newsletter.tokens import Purpose
from tests.newsletter.factories import SubscriberFactory

from .conftest import SignIn

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/newsletter/stay/"
TODAY = date(2026, 6, 1)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def subscriber(**fields: Any) -> Subscriber:
    found: Subscriber = SubscriberFactory.create(
        **{"state": SubscriberState.CONFIRMED, "confirmed_at": at(date(2024, 1, 1))} | fields
    )
    return found


def question(*, answer_by: date, started_on: date, **fields: Any) -> Mailing:
    moment = at(started_on)
    return Mailing.objects.create(
        **{
            "kind": MailingKind.RECONFIRMATION,
            "subject": "Stay?",
            "state": MailingState.SENT,
            "answer_by": answer_by,
            "confirmed_before": started_on,
            "started_at": moment,
            "active_at": moment,
            "finished_at": moment,
        }
        | fields
    )


def deliver(mailing: Mailing, to: Subscriber, **fields: Any) -> Delivery:
    return Delivery.objects.create(
        **{
            "mailing": mailing,
            "subscriber": to,
            "language": to.language,
            "state": DeliveryState.SENT,
            "settled_at": mailing.started_at,
        }
        | fields
    )


# The mail


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_the_mail_asks_in_each_language_with_both_links(language: str) -> None:
    mail = render_reconfirmation(language, date(2026, 3, 31))
    assert f'lang="{language}"' in mail.html
    assert ('dir="rtl"' in mail.html) == (language == "ar")
    for part in (mail.html, mail.text):
        assert Slot.STAY in part
        assert Slot.UNSUBSCRIBE in part
        assert "2026" in part
    assert mail.subject


# Recipients


def test_it_goes_to_people_who_confirmed_before_that_day() -> None:
    old = subscriber(confirmed_at=at(date(2025, 5, 31), 23))
    subscriber(confirmed_at=datetime(2025, 6, 1, tzinfo=UTC))
    subscriber(state=SubscriberState.PENDING)
    subscriber(state=SubscriberState.UNSUBSCRIBED, ended_at=timezone.now())
    mailing = order_reconfirmation(
        segment=None, confirmed_before=date(2025, 6, 1), answer_by=TODAY, user=None
    )
    assert (mailing.state, mailing.kind) == (MailingState.SCHEDULED, MailingKind.RECONFIRMATION)
    assert list(audience_of(mailing)) == [old]


def test_it_goes_to_the_segment_only() -> None:
    french = subscriber(language="fr")
    subscriber(language="en")
    segment = Segment.objects.create(name="French", languages=["fr"])
    mailing = order_reconfirmation(
        segment=segment, confirmed_before=TODAY, answer_by=TODAY, user=None
    )
    assert list(audience_of(mailing)) == [french]


def test_nobody_gets_two_open_requests() -> None:
    today = timezone.now().date()
    recipient, failed = subscriber(), subscriber()
    first = question(answer_by=today, started_on=today - timedelta(days=10))
    deliver(first, recipient)
    deliver(first, failed, state=DeliveryState.FAILED)
    again = order_reconfirmation(segment=None, confirmed_before=today, answer_by=today, user=None)
    assert list(audience_of(again)) == [failed]


# Answers


def test_the_link_opens_a_page_with_one_button_to_stay(client: Client) -> None:
    today = timezone.now().date()
    ana = subscriber()
    deliver(question(answer_by=today, started_on=today - timedelta(days=10)), ana)
    others = {
        purpose: tokens.make(ana, purpose) for purpose in (Purpose.PREFERENCES, Purpose.UNSUBSCRIBE)
    }
    path = f"/newsletter/stay/{tokens.make(ana, Purpose.STAY)}/"
    html = client.get(path).text
    main = html[html.index("<main") : html.index("</main>")]
    assert len(re.findall("<button", main)) == 1
    ana.refresh_from_db()
    assert ana.confirmed_at == at(date(2024, 1, 1)), "opening the page changes nothing"

    before = timezone.now()
    assert "Thank you for staying" in client.post(path).text
    ana.refresh_from_db()
    assert ana.confirmed_at is not None
    assert ana.confirmed_at >= before
    assert ConsentRecord.objects.get().event == ConsentEvent.RECONFIRMATION
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 410
        assert "nothing left to do" in response.text
    for purpose, token in others.items():
        assert client.get(f"/newsletter/{purpose}/{token}/").status_code == 200, purpose


def test_an_answer_after_the_deadline_is_refused(client: Client) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    ana = subscriber()
    deliver(question(answer_by=yesterday, started_on=yesterday - timedelta(days=20)), ana)
    path = f"/newsletter/stay/{tokens.make(ana, Purpose.STAY)}/"
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 410
        assert "The deadline has passed" in response.text
        assert 'href="/newsletter/"' in response.text
    assert not ConsentRecord.objects.exists()


def test_the_link_does_not_revive_an_ended_subscription(client: Client) -> None:
    ana = subscriber()
    path = f"/newsletter/stay/{tokens.make(ana, Purpose.STAY)}/"
    token = tokens.make(ana, Purpose.UNSUBSCRIBE)
    services.unsubscribe(token=token, circumstances=Circumstances())
    assert client.post(path).status_code == 410
    ana.refresh_from_db()
    assert ana.state == SubscriberState.UNSUBSCRIBED


# Missing answers


def test_people_without_an_answer_are_unsubscribed_after_the_deadline() -> None:
    mailing = question(answer_by=TODAY, started_on=TODAY - timedelta(days=30))
    ana = subscriber(email="ana@example.org")
    deliver(mailing, ana)
    assert end_unanswered(today=TODAY) == 0
    assert end_unanswered(today=TODAY + timedelta(days=1)) == 1
    assert end_unanswered(today=TODAY + timedelta(days=1)) == 0
    ana.refresh_from_db()
    assert ana.state == SubscriberState.UNSUBSCRIBED
    assert ana.ended_at is not None
    assert SuppressedAddress.objects.get().reason == SuppressionReason.NOT_RECONFIRMED
    assert ConsentRecord.objects.get().event == ConsentEvent.UNSUBSCRIPTION
    assert services.is_suppressed(email="ana@example.org")


def test_a_new_sign_up_subscribes_them_again(client: Client) -> None:
    mailing = question(answer_by=TODAY, started_on=TODAY - timedelta(days=30))
    ana = subscriber(email="ana@example.org")
    deliver(mailing, ana)
    end_unanswered(today=TODAY + timedelta(days=1))
    services.subscribe(
        email=ana.email, preferences=Preferences(language="en"), circumstances=Circumstances()
    )
    ana.refresh_from_db()
    client.post(f"/newsletter/confirm/{tokens.make(ana, Purpose.CONFIRM)}/")
    assert end_unanswered(today=TODAY + timedelta(days=2)) == 0
    ana.refresh_from_db()
    assert ana.state == SubscriberState.CONFIRMED
    assert not services.is_suppressed(email=ana.email)


@pytest.mark.parametrize(
    "delivery",
    [
        {"state": DeliveryState.UNCERTAIN},
        {"state": DeliveryState.FAILED},
        {"state": DeliveryState.SKIPPED},
        {"state": DeliveryState.WAITING, "settled_at": None},
        {"bounced_at": at(TODAY)},
        {"settled_at": at(TODAY - timedelta(days=DAYS_TO_ANSWER - 1))},
    ],
    ids=str,
)
def test_people_who_got_the_mail_late_stay(delivery: dict[str, Any]) -> None:
    mailing = question(answer_by=TODAY, started_on=TODAY - timedelta(days=30))
    deliver(mailing, subscriber(), **delivery)
    assert end_unanswered(today=TODAY + timedelta(days=99)) == 0


def test_people_who_answered_or_were_not_asked_stay() -> None:
    started_on = TODAY - timedelta(days=30)
    mailing = question(answer_by=TODAY, started_on=started_on)
    deliver(mailing, subscriber(confirmed_at=at(started_on, 13)))
    subscriber()
    assert end_unanswered(today=TODAY + timedelta(days=1)) == 0


def test_a_cancelled_request_ends_no_subscription() -> None:
    mailing = question(
        answer_by=TODAY, started_on=TODAY - timedelta(days=30), state=MailingState.CANCELLED
    )
    deliver(mailing, subscriber())
    assert end_unanswered(today=TODAY + timedelta(days=1)) == 0


def test_subscriptions_are_ended_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconfirmation, "BATCH", 2)
    mailing = question(answer_by=date(2026, 1, 31), started_on=date(2026, 1, 1))
    for _person in range(5):
        deliver(mailing, subscriber())
    tasks.end_unanswered(0)
    assert not Subscriber.objects.confirmed().exists()


DAYS = st.integers(min_value=-40, max_value=40)


@given(
    confirmed=DAYS,
    started=st.integers(min_value=-40, max_value=0),
    sent_after=st.integers(min_value=0, max_value=40),
    answer_by=st.integers(min_value=0, max_value=40),
    today=st.integers(min_value=-5, max_value=90),
)
def test_the_rule_of_dates(
    confirmed: int, started: int, sent_after: int, answer_by: int, today: int
) -> None:
    """Exactly those are unsubscribed who had enough time, confirmed before the start, and missed the deadline."""
    Subscriber.objects.all().delete()

    def day(number: int) -> date:
        return TODAY + timedelta(days=number)

    ana = subscriber(confirmed_at=at(day(confirmed), 6))
    mailing = question(answer_by=day(answer_by), started_on=day(started))
    deliver(mailing, ana, settled_at=at(day(started + sent_after), 23))
    is_ended = (
        today > answer_by
        and confirmed <= started
        and answer_by - (started + sent_after) >= DAYS_TO_ANSWER
    )
    assert unanswered(today=day(today)).exists() == is_ended


# Staff


def fields(**changes: str) -> dict[str, str]:
    today = timezone.now().date()
    return {
        "segment": "",
        "confirmed_before": str(today - timedelta(days=365)),
        "answer_by": str(today + timedelta(days=30)),
    } | changes


def test_staff_see_the_number_before_they_order(sign_in: SignIn) -> None:
    client = sign_in("send_mailing")
    assert client.get(ADDRESS).status_code == 200
    for _person in range(3):
        subscriber()
    html = client.post(ADDRESS, fields()).text
    assert "3 people get this mail" in html
    assert 'name="number" value="3"' in html
    assert not Mailing.objects.exists()

    subscriber()
    html = client.post(ADDRESS, fields(number="3")).text
    assert "4 people get this mail" in html, "staff confirmed three"
    assert not Mailing.objects.exists()

    response = client.post(ADDRESS, fields(number="4"), follow=True)
    assert "The reconfirmation e-mails are being sent" in response.text
    mailing = Mailing.objects.get()
    assert mailing.ordered_by is not None
    assert mailing.answer_by == timezone.now().date() + timedelta(days=30)


def test_users_without_the_permission_are_sent_away(sign_in: SignIn) -> None:
    client = sign_in("view_subscriber")
    subscriber()
    for response in (client.get(ADDRESS), client.post(ADDRESS, fields(number="1"))):
        assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert not Mailing.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer_by": str(timezone.now().date())},
        {"answer_by": str(timezone.now().date() + timedelta(days=DAYS_TO_ANSWER - 1))},
        {"answer_by": "9999-01-01"},
        {"answer_by": "nonsense"},
        {"confirmed_before": str(timezone.now().date() + timedelta(days=2))},
        {"segment": "99999"},
        {"segment": "x"},
    ],
    ids=str,
)
def test_invalid_dates_order_nothing(wrong: dict[str, str], sign_in: SignIn) -> None:
    subscriber()
    response = sign_in("send_mailing").post(ADDRESS, fields(number="1", **wrong))
    assert response.status_code == 200
    assert "error-message" in response.text
    assert not Mailing.objects.exists()


def test_an_empty_selection_orders_nothing(sign_in: SignIn) -> None:
    response = sign_in("send_mailing").post(ADDRESS, fields(number="0"))
    assert "There is nobody to ask" in response.text
    assert not Mailing.objects.exists()
