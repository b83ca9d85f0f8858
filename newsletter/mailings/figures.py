"""The figures of a mailing: deliveries by state and over time."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsletter.choices import DeliveryState
from newsletter.models import Delivery, Mailing

BARS = 40


@dataclass(frozen=True)
class Figure:
    """A labelled number of deliveries, and its share of `of`, in per cent."""

    label: str | Promise
    number: int
    of: int

    @property
    def percent(self) -> float:
        return round(100 * self.number / self.of, 1) if self.of else 0.0


@dataclass(frozen=True)
class Bar:
    """Messages sent in one interval: its start, and the height of its bar, 100 for the highest."""

    begins: datetime
    number: int
    height: float


@dataclass(frozen=True)
class Figures:
    """Figures of a mailing, by two queries: deliveries by state, and messages sent over time."""

    mailing: Mailing

    @cached_property
    def _counts(self) -> dict[str, Any]:
        by_state = {state.value: Count("pk", filter=Q(state=state)) for state in DeliveryState}
        marks = {
            name: Count("pk", filter=Q(**{f"{name}_at__isnull": False}))
            for name in ("bounced", "complained", "unsubscribed")
        }
        times = {
            "first": Min("settled_at", filter=Q(state=DeliveryState.SENT)),
            "last": Max("settled_at", filter=Q(state=DeliveryState.SENT)),
        }
        deliveries = Delivery.objects.filter(mailing=self.mailing)
        return deliveries.aggregate(total=Count("pk"), **by_state, **marks, **times)

    @property
    def total(self) -> int:
        return int(self._counts["total"])

    @property
    def settled(self) -> Figure:
        """Return the deliveries that are neither waiting nor handed over."""
        open_ones = self._counts[DeliveryState.WAITING] + self._counts[DeliveryState.HANDED_OVER]
        return Figure(_("done"), self.total - open_ones, self.total)

    @property
    def uncertain(self) -> int:
        return int(self._counts[DeliveryState.UNCERTAIN])

    @cached_property
    def by_state(self) -> list[Figure]:
        return [
            Figure(state.label, self._counts[state.value], self.total) for state in DeliveryState
        ]

    @cached_property
    def after(self) -> list[Figure]:
        """Return what was reported of sent messages. Opens and clicks are not tracked."""
        sent = self._counts[DeliveryState.SENT]
        return [
            Figure(_("Bounced"), self._counts["bounced"], sent),
            Figure(_("Complained"), self._counts["complained"], sent),
            Figure(_("Unsubscribed"), self._counts["unsubscribed"], sent),
        ]

    @cached_property
    def over_time(self) -> list[Bar]:
        """Return the messages sent in each of `BARS` intervals from the first to the last; empty before the second."""
        first, last = self._counts["first"], self._counts["last"]
        if not first or first == last:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT least(width_bucket(extract(epoch FROM settled_at), %s, %s, %s), %s) AS part, count(*)"
                " FROM newsletter_delivery WHERE mailing_id = %s AND state = %s GROUP BY part",
                [
                    first.timestamp(),
                    last.timestamp(),
                    BARS,
                    BARS,
                    self.mailing.pk,
                    DeliveryState.SENT,
                ],
            )
            counted = dict(cursor.fetchall())
        highest = max(counted.values())
        return [
            Bar(
                begins=first + (last - first) * part / BARS,
                number=number,
                height=round(100 * number / highest, 1),
            )
            for part in range(BARS)
            for number in [counted.get(part + 1, 0)]
        ]
