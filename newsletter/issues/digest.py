"""Drafts an issue from recent news, for staff to edit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.days import today
from news.models import ArticlePage
from newsletter.models import IssueIndexPage, IssuePage

from .site_content import FIRST_PERIOD, changed_between

# Besides the lead.
MOST_ARTICLES = 8
LOG_ACTION = "newsletter.draft_digest"


class NoNewsError(Exception):
    """No article was published since the last issue, and the record did not change."""


@dataclass(frozen=True)
class _News:
    """The possible content of an issue, newest articles first."""

    articles: Sequence[ArticlePage]
    has_changes: bool


def draft_digest(*, index: IssueIndexPage, user: Any) -> IssuePage:
    """Create a draft from the news in the language of `index` since its last issue, or of the last 30 days.

    Raises NoNewsError, without creating a draft.
    """
    day = today()
    with translation.override(index.locale.language_code), transaction.atomic():
        news = _find(index, day)
        if not news.articles and not news.has_changes:
            raise NoNewsError
        issue = IssuePage(
            title=_("Global justice news, %(month)s")
            % {"month": date_format(day, "YEAR_MONTH_FORMAT")},
            preheader=Truncator(" · ".join(article.title for article in news.articles)).chars(150),
            date=day,
            body=_body(news),
            locale=index.locale,
            owner=user,
            live=False,
            has_unpublished_changes=True,
        )
        index.add_child(instance=issue)
        revision = issue.save_revision(user=user)
        log(instance=issue, action=LOG_ACTION, user=user, revision=revision, content_changed=True)
    return issue


def _find(index: IssueIndexPage, today: date) -> _News:
    last = IssuePage.objects.child_of(index).live().newest_first().first()
    since: datetime = timezone.now() - FIRST_PERIOD
    if last and last.first_published_at:
        since = last.first_published_at
    # Untranslated copies have text in another language.
    articles = ArticlePage.objects.filter(locale=index.locale_id, alias_of=None)
    articles = articles.published().filter(first_published_at__gt=since).newest_first()
    changes = changed_between(after=last.date if last else today - FIRST_PERIOD, until=today)
    return _News(list(articles[: MOST_ARTICLES + 1]), changes.exists())


def _body(news: _News) -> list[tuple[str, Any]]:
    body: list[tuple[str, Any]] = []
    if news.articles:
        lead, *others = news.articles
        body.append(("lead", _lead(lead)))
        if others:
            body.append(("articles", {"heading": _("More news"), "articles": others}))
    if news.has_changes:
        body.append(("changes", {"heading": _("What changed in the record")}))
    return body


def _lead(article: ArticlePage) -> dict[str, Any]:
    image = article.image
    alt_text = article.image_alt or (image.description if image else "")
    return {
        "heading": Truncator(article.title).chars(150),
        "image": {"image": image, "alt_text": alt_text, "decorative": False} if alt_text else None,
        "text": format_html("<p>{}</p>", article.summary or article.title),
        "link": {"text": _("Read more"), "page": article},
    }
