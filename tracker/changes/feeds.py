"""The trail as Atom feeds, of the whole record and of each state."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.feeds import MOST_ENTRIES, AtomFeed
from core.language import current_language
from core.metadata import absolute
from record.changes.versions import ToldVersion, tell_versions, versions_of
from record.changes.words import ToldChange
from record.models import Country, RecordChange, RecordChangeQuerySet
from regions.country_links import country_urls


class ChangesFeed(AtomFeed):
    """One entry for each version of the record."""

    name = "record"

    def title(self, country: Country | None) -> str:
        if country is None:
            return _("Changes in the record of states and the International Criminal Court")
        return _("%(country)s: changes to the record") % {"country": country.name}

    def link(self, country: Country | None) -> str:
        return absolute(_address(country))

    def feed_url(self, country: Country | None) -> str:
        if country is None:
            return absolute(reverse("tracker_changes_feed"))
        return absolute(reverse("tracker_country_feed", args=[country.iso3]))

    def feed_guid(self, country: Country | None) -> str:
        return self.tag(_code(country))

    def items(self, country: Country | None) -> list[tuple[Country | None, ToldVersion]]:
        changes: RecordChangeQuerySet = RecordChange.objects.public()
        if country is not None:
            changes = changes.filter(country=country)
        versions = versions_of(changes)[:MOST_ENTRIES]
        told = tell_versions(versions, changes, urls=country_urls(current_language()))
        return [(country, version) for version in told]

    def item_title(self, item: tuple[Country | None, ToldVersion]) -> str:
        return item[1].title

    def item_description(self, item: tuple[Country | None, ToldVersion]) -> str:
        changes = item[1].changes
        lines = format_html_join("", "<li>{}</li>", ((_line(change),) for change in changes))
        return format_html("<ul>{}</ul>", lines) if changes else item[1].numbers

    def item_link(self, item: tuple[Country | None, ToldVersion]) -> str:
        country, told = item
        return absolute(_address(country, version=told.version.pk))

    def item_guid(self, item: tuple[Country | None, ToldVersion]) -> str:
        country, told = item
        return self.tag(told.version.pk, _code(country))

    def item_updateddate(self, item: tuple[Country | None, ToldVersion]) -> datetime:
        return item[1].version.made_at

    item_pubdate = item_updateddate

    def get_object(self, request: HttpRequest, iso3: str = "") -> Country | None:
        """The state whose feed it is; none for the feed of all."""
        if not iso3:
            return None
        country: Country = get_object_or_404(Country.objects.published(), iso3=iso3)
        return country


def _line(change: ToldChange) -> SafeString:
    fields = "; ".join(f"{field.name}: {field.before} → {field.after}" for field in change.fields)
    what = f"{change.country}: {change.entry} ({change.kind_words})"
    return format_html("{}", f"{what}. {fields}" if fields else what)


def _address(country: Country | None, **params: Any) -> str:
    given = {"country": country.iso3, **params} if country else params
    query = "&".join(f"{name}={value}" for name, value in given.items())
    return f"{reverse('tracker_changes')}{'?' if query else ''}{query}"


def _code(country: Country | None) -> str | None:
    return country.iso3 if country else None
