"""The growth of the number of subscribers, on the home page of the admin."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter import services
from newsletter.choices import ConsentEvent, SubscriberState, SuppressionReason
from newsletter.models import ConsentRecord
from newsletter.staff.growth import Month, growth, months_until
from tests.newsletter.factories import SubscriberFactory

from .conftest import SignIn
from .lists import emails, import_list

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 15)


def record(person: str, event: ConsentEvent, day: date, **choices: str) -> None:
    ConsentRecord.objects.create(
        address_key=person,
        event=event,
        choices=choices,
        happened_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )


def figures() -> dict[date, tuple[int, int]]:
    return {
        month.first_day: (month.gained, month.lost)
        for month in growth(today=TODAY)
        if month.gained or month.lost
    }


def test_the_last_twelve_months_are_shown() -> None:
    months = months_until(TODAY)
    assert (months[0], months[-1], len(months)) == (date(2025, 4, 1), date(2026, 3, 1), 12)
    assert months_until(date(2026, 12, 31))[0] == date(2026, 1, 1)
    assert growth(today=TODAY) == [Month(day, 0, 0) for day in months]


def test_gains_and_losses_are_counted_in_their_months() -> None:
    record("a", ConsentEvent.CONFIRMATION, date(2025, 3, 31))
    record("b", ConsentEvent.CONFIRMATION, date(2025, 4, 1))
    record("c", ConsentEvent.IMPORT, date(2026, 3, 1), state=SubscriberState.CONFIRMED)
    record("d", ConsentEvent.IMPORT, date(2026, 3, 1), state=SubscriberState.PENDING)
    record("a", ConsentEvent.UNSUBSCRIPTION, date(2025, 4, 2))
    record("b", ConsentEvent.SUPPRESSION, date(2026, 3, 2))
    record("c", ConsentEvent.ERASURE, date(2026, 3, 2))
    assert figures() == {date(2025, 4, 1): (1, 1), date(2026, 3, 1): (1, 2)}


def test_leaving_before_confirmation_is_no_loss() -> None:
    day = date(2026, 3, 1)
    record("never", ConsentEvent.SUPPRESSION, day)
    record("pending", ConsentEvent.UNSUBSCRIPTION, day)
    record("listed", ConsentEvent.IMPORT, day, state=SubscriberState.PENDING)
    record("listed", ConsentEvent.UNSUBSCRIPTION, day)
    record("twice", ConsentEvent.CONFIRMATION, day)
    record("twice", ConsentEvent.PREFERENCE_CHANGE, day)
    record("twice", ConsentEvent.UNSUBSCRIPTION, day)
    record("twice", ConsentEvent.ERASURE, day)
    assert figures() == {day: (1, 1)}


def test_the_figures_are_those_of_the_services() -> None:
    import_list(emails("ana", "omar"), asks=False)
    import_list(emails("pending"))
    services.erase_person(email="ana@example.org")
    services.suppress(email="stranger@example.org", reason=SuppressionReason.BOUNCED)
    this_month = growth(today=timezone.now().date())[-1]
    assert (this_month.gained, this_month.lost) == (2, 1)


def test_the_home_page_shows_it_to_users_with_the_permission(sign_in: SignIn) -> None:
    assert "newsletter-growth" not in sign_in().get("/admin/").text
    SubscriberFactory.create_batch(3, confirmed=True)
    record("a", ConsentEvent.CONFIRMATION, timezone.now().date())
    html = sign_in("view_subscriber").get("/admin/").text
    assert "3 confirmed subscribers" in html
    assert "1 gained and 0 lost" in html
    table = html[html.index('<caption class="w-sr-only">Subscribers gained') :]
    assert table.count('<th scope="row">') == 12
    assert 'role="img"' in html


def test_the_home_page_takes_no_more_queries_for_more_people(staff_client: Client) -> None:
    staff_client.get("/admin/")
    counts = []
    for begin in (0, 100):
        for number in range(begin, begin + 100):
            day = timezone.now().date() - timedelta(days=number)
            record(str(number), ConsentEvent.CONFIRMATION, day)
            record(str(number), ConsentEvent.UNSUBSCRIPTION, day)
        SubscriberFactory.create_batch(10, confirmed=True)
        with CaptureQueriesContext(connection) as queries:
            staff_client.get("/admin/")
        counts.append(len([query for query in queries if "newsletter_" in query["sql"]]))
    # One more query is for running mailings.
    assert counts[0] == counts[1] == 3
