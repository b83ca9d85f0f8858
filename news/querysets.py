"""Queries for articles, in a module of their own because models and filters both need them."""

from typing import Self

from django.db.models import Q
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from core.page_cache.memory import recall
from record.models import Country


class ArticlePageQuerySet(PageQuerySet):
    """Queries for articles."""

    def published(self) -> Self:
        """Return live articles without view restrictions."""
        live = self.live()
        # The same key as in BasePage.get_view_restrictions.
        is_restricted = recall("is anything restricted", PageViewRestriction.objects.exists)
        return live.public() if is_restricted else live

    def for_list(self) -> Self:
        """Return published articles, newest first, with all that a list shows, in two queries whatever their number."""
        articles = self.published().defer_streamfields().select_related("alias_of__locale")
        return articles.prefetch_related("countries").newest_first()

    def newest_first(self) -> Self:
        return self.order_by("-date", "-first_published_at", "-pk")

    def in_language(self, code: str) -> Self:
        return self.filter(locale__language_code=code)

    def in_region(self, region: str) -> Self:
        """Return articles about the region or one of its countries."""
        countries = Country.objects.in_region(region)
        of_countries = self.model.countries.through.objects.filter(country__in=countries)
        return self.filter(
            Q(regions__contains=[region]) | Q(pk__in=of_countries.values("articlepage"))
        )

    def on_topic(self, topic: str) -> Self:
        return self.filter(topics__contains=[topic])

    def about_country(self, iso3: str) -> Self:
        return self.filter(countries__iso3=iso3)
