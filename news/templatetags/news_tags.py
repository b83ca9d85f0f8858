"""News for templates of the apps below, which may not import this one."""

from dataclasses import dataclass

from django import template
from django.utils.http import urlencode
from wagtail.models import Page

from campaigns.models import CampaignPage
from core.page_cache.memory import recall
from news.models import ArticlePage, NewsIndexPage
from regions.models import CountryPage, RegionPage

register = template.Library()

FEW = 4


@dataclass(frozen=True)
class LatestNews:
    """The newest articles, the page that lists all news, and the query string that filters it."""

    articles: list[ArticlePage]
    index: NewsIndexPage | None
    query: str


@register.simple_tag
def latest_news(page: Page) -> LatestNews:
    """Return the latest news about the region, campaign or country of a page; for any other page, of all news.

    Articles are in the page's language, newest first. Do not change the value: requests share it.
    """
    about = _subject(page)
    return recall(("latest news", page.locale_id, about), lambda: _query(page.locale_id, about))


def _subject(page: Page) -> tuple[str, str] | None:
    """Return the filter of the list of news and its value, or None."""
    match page:
        case RegionPage():
            return "region", page.region
        case CampaignPage():
            return "campaign", page.topic
        case CountryPage():
            # The profile usually has the country already, without another query.
            country = page.profile.country if page.profile else page.country
            return "country", country.iso3
    return None


def _query(locale: int, about: tuple[str, str] | None) -> LatestNews:
    articles = ArticlePage.objects.filter(locale=locale).for_list()
    match about:
        case ("region", region):
            articles = articles.in_region(region)
        case ("campaign", topic):
            articles = articles.on_topic(topic)
        case ("country", iso3):
            articles = articles.about_country(iso3)
    newest = list(articles[:FEW])
    return LatestNews(
        articles=newest,
        index=recall(("news index", locale), lambda: _index(locale)) if newest else None,
        query=urlencode([about]) if about else "",
    )


def _index(locale: int) -> NewsIndexPage | None:
    index: NewsIndexPage | None = NewsIndexPage.objects.live().filter(locale=locale).first()
    return index
