"""What is asked of yearly reports."""

from typing import Any, Self

from django.conf import settings
from django.db.models import Case, Count, QuerySet, Value, When


class YearlyReportQuerySet(QuerySet[Any]):
    """Reports."""

    def public(self) -> Self:
        """Frozen and published: what the public may read."""
        return self.filter(live=True, frozen__isnull=False)

    def in_language(self, language: str) -> Self:
        """The one in the language first, then the English one, then any other."""
        return self.alias(
            nearness=Case(
                When(locale__language_code=language, then=Value(0)),
                When(locale__language_code=settings.LANGUAGE_CODE, then=Value(1)),
                default=Value(2),
            )
        ).order_by("-year", "nearness", "pk")

    def for_readers(self, language: str) -> Self:
        """The public report of each year in the language or else in the nearest, the latest year first."""
        years = self.public().in_language(language).select_related("locale")
        return years.order_by("-year", "nearness", "pk").distinct("year")

    def with_errata(self) -> Self:
        """With the frozen record and, as `errata_count`, how many errata it has."""
        return self.select_related("frozen", "locale").annotate(
            errata_count=Count("frozen__errata")
        )
