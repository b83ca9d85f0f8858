"""What is asked of treaty actions, laws and changes."""

from collections import deque
from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from record.choices import CONSENTS, Action, Treaty


class TreatyActionQuerySet(QuerySet[Any]):
    """Treaty actions of published countries and drafts alike: `Country.objects` decides who is shown."""

    def not_taken_back(self, *, by: date) -> Self:
        """Without instruments and notices that were taken back by that day, before they had effect."""
        taking_back = self.model.objects.filter(
            country=OuterRef("country"),
            treaty=OuterRef("treaty"),
            date__gte=OuterRef("date"),
            date__lt=Coalesce(OuterRef("takes_effect_on"), Value(date.max)),
            date__lte=by,
        )
        of_notice = taking_back.filter(action=Action.WITHDRAWAL_NOTICE_REVOKED)
        of_instrument = taking_back.filter(action=Action.INSTRUMENT_WITHDRAWN)
        return self.exclude(Q(action=Action.WITHDRAWAL_NOTICE) & Exists(of_notice)).exclude(
            Q(action__in=CONSENTS) & Exists(of_instrument)
        )

    def in_effect(self, *, treaty: str = Treaty.ROME_STATUTE, on: date) -> Self:
        """The entries and exits that have had effect, the latest first: the first of a country is where it stands."""
        turns = self.filter(treaty=treaty, action__in=[*CONSENTS, Action.WITHDRAWAL_NOTICE])
        turns = turns.filter(takes_effect_on__lte=on).not_taken_back(by=on)
        return turns.order_by("-takes_effect_on", "-date", "-pk")

    def pending(self, *, treaty: str = Treaty.ROME_STATUTE, on: date) -> Self:
        """The entries and exits announced by that day that are still to have effect, the latest first."""
        turns = self.filter(treaty=treaty, action__in=[*CONSENTS, Action.WITHDRAWAL_NOTICE])
        turns = turns.filter(Q(takes_effect_on__gt=on) | Q(takes_effect_on=None), date__lte=on)
        return turns.not_taken_back(by=on).order_by("-date", "-pk")

    def parties_on(
        self, days: Iterable[date], *, treaty: str = Treaty.ROME_STATUTE
    ) -> dict[date, int]:
        """How many published states are parties on each of the days, in one query whatever their number."""
        # What was taken back had been so before its effect, and so before any day on which it could count.
        turns = self.filter(
            country__live=True,
            treaty=treaty,
            action__in=[*CONSENTS, Action.WITHDRAWAL_NOTICE],
            takes_effect_on__isnull=False,
        ).not_taken_back(by=date.max)
        ahead = deque(
            turns.order_by("takes_effect_on", "date", "pk").values_list(
                "takes_effect_on", "country", "action"
            )
        )
        parties: set[int] = set()
        numbers: dict[date, int] = {}
        for day in sorted(days):
            while ahead and ahead[0][0] <= day:
                _, country, action = ahead.popleft()
                (parties.add if action in CONSENTS else parties.discard)(country)
            numbers[day] = len(parties)
        return numbers


class ImplementingLawQuerySet(QuerySet[Any]):
    """Laws."""

    def known_on(self, day: date) -> Self:
        """Those that had come to their stage by that day, or that a source of that day or before tells of."""
        return self.annotate(known_since=Coalesce("date", "as_of")).filter(known_since__lte=day)


class RecordChangeQuerySet(QuerySet[Any]):
    """Changes."""

    def public(self) -> Self:
        """Those that the public may read of: not yet those that are held back, and never those that were undone."""
        held_back = Q(version__public_from__gt=timezone.now())
        return self.exclude(held_back | Q(version__undone_by__isnull=False))

    def for_feed(self) -> Self:
        """The latest first, with what their words need."""
        return self.select_related("country", "version").order_by("-pk")
