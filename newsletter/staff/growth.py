"""The growth of the number of subscribers, on the home page of the admin."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import TruncMonth
from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from core.days import today
from newsletter.choices import ConsentEvent, SubscriberState
from newsletter.models import ConsentRecord, Subscriber

MONTHS = 12
# The people of an imported list that are still to confirm are not subscribed yet.
GAINED = Q(event=ConsentEvent.CONFIRMATION) | Q(
    event=ConsentEvent.IMPORT, choices__state=SubscriberState.CONFIRMED
)
LOST = Q(event__in=[ConsentEvent.UNSUBSCRIPTION, ConsentEvent.SUPPRESSION, ConsentEvent.ERASURE])
GAINED_EVENTS = [ConsentEvent.CONFIRMATION, ConsentEvent.IMPORT]


@dataclass(frozen=True)
class Month:
    """Numbers of confirmed subscribers gained and lost in a calendar month, in UTC."""

    first_day: date
    gained: int
    lost: int


def months_until(today: date) -> list[date]:
    """Return the first days of the last twelve months, the current month last."""
    count = today.year * 12 + today.month - 1
    return [
        date(number // 12, number % 12 + 1, 1) for number in range(count - MONTHS + 1, count + 1)
    ]


def growth(*, today: date) -> list[Month]:
    """Return the last twelve months by the consent records, in one query.

    Leaving counts as a loss only if the last gain or loss of the address was a gain: not before a confirmation, and not
    twice.
    """
    first_days = months_until(today)
    before = (
        ConsentRecord.objects.filter(
            GAINED | LOST, address_key=OuterRef("address_key"), pk__lt=OuterRef("pk")
        )
        .order_by("-pk")
        .values("event")[:1]
    )
    begin = datetime(first_days[0].year, first_days[0].month, 1, tzinfo=UTC)
    rows = (
        ConsentRecord.objects.filter(GAINED | LOST, happened_at__gte=begin)
        .annotate(month=TruncMonth("happened_at", tzinfo=UTC), before=Subquery(before))
        .order_by()
        .values("month")
        .annotate(
            gained=Count("pk", filter=GAINED),
            lost=Count("pk", filter=LOST & Q(before__in=GAINED_EVENTS)),
        )
    )
    found = {row["month"].date(): (row["gained"], row["lost"]) for row in rows}
    return [Month(day, *found.get(day, (0, 0))) for day in first_days]


@dataclass(frozen=True)
class Bar:
    """A month as two bars of the chart, up and down from the base line, in units of its view box."""

    month: Month
    x: int
    up_y: float
    up: float
    down: float


HEIGHT = 80
STEP = 40
NAME = 16  # From the lowest bar to the baseline of the names of the months.
MARGIN = 4


class GrowthPanel(Component):
    """Shows the number of confirmed subscribers and the chart of gains and losses. Two queries."""

    name = "newsletter-growth"
    template_name = "newsletter/staff/people_growth.html"
    order = 160

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        months = growth(today=today())
        most = max(1, *(max(month.gained, month.lost) for month in months))
        bars = [
            Bar(
                month,
                number * STEP,
                HEIGHT - month.gained * HEIGHT / most,
                month.gained * HEIGHT / most,
                month.lost * HEIGHT / most,
            )
            for number, month in enumerate(months)
        ]
        names_y = HEIGHT + round(max(bar.down for bar in bars)) + NAME
        return {
            "confirmed": Subscriber.objects.confirmed().count(),
            "bars": bars,
            "names_y": names_y,
            "height": names_y + 2 * MARGIN,
            "gained": sum(month.gained for month in months),
            "lost": sum(month.lost for month in months),
        }
