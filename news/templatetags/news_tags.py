"""News for the templates of the apps below, which may not import them."""

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
    """The newest few articles, the page that lists all news, and what follows its question mark to see more of them."""

    articles: list[ArticlePage]
    index: NewsIndexPage | None
    query: str


@register.simple_tag
def latest_news(page: Page) -> LatestNews:
    """What a page of a region, a campaign or a country shows of the news about it, and any other of all.

    In the page's language, the newest first: not to be changed.
    """
    about = _subject(page)
    return recall(("latest news", page.locale_id, about), lambda: _ask(page.locale_id, about))


def _subject(page: Page) -> tuple[str, str] | None:
    """The filter of the list of news, with its value."""
    match page:
        case RegionPage():
            return "region", page.region
        case CampaignPage():
            return "campaign", page.topic
        case CountryPage():
            # As a rule the page has asked for its country with the record.
            country = page.profile.country if page.profile else page.country
            return "country", country.iso3
    return None


def _ask(locale: int, about: tuple[str, str] | None) -> LatestNews:
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
