"""Whom a mailing is for."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count

if TYPE_CHECKING:
    from .querysets import SubscriberQuerySet


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Confirmed subscribers by what they chose and when they signed up. What is empty leaves nobody out.

    `joined_from` and `joined_until` are days in UTC of the sign-up, both included. `within` narrows it further.
    """

    languages: Collection[str] = field(default_factory=list)
    regions: Collection[str] = field(default_factory=list)
    topics: Collection[str] = field(default_factory=list)
    joined_from: date | None = None
    joined_until: date | None = None
    within: "Audience | None" = None

    def subscribers(self) -> "SubscriberQuerySet":
        """Those who may be written to now. Evaluates nothing."""
        from .models import Subscriber  # noqa: PLC0415 - models name their audience.

        return self._narrow(Subscriber.objects.confirmed())

    def _narrow(self, subscribers: "SubscriberQuerySet") -> "SubscriberQuerySet":
        subscribers = subscribers.interested_in(regions=self.regions, topics=self.topics)
        if self.languages:
            subscribers = subscribers.filter(language__in=list(self.languages))
        if self.joined_from:
            subscribers = subscribers.filter(signed_up_at__date__gte=self.joined_from)
        if self.joined_until:
            subscribers = subscribers.filter(signed_up_at__date__lte=self.joined_until)
        return self.within._narrow(subscribers) if self.within else subscribers

    def count_by_language(self) -> dict[str, int]:
        """How many there are by the language they read, in one query; languages of nobody are left out."""
        counted = self.subscribers().order_by().values("language").annotate(number=Count("pk"))
        return {row["language"]: row["number"] for row in counted}
