"""Issues of the newsletter."""

from datetime import date
from enum import StrEnum
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager, PageViewRestriction
from wagtail.query import PageQuerySet
from wagtail.search import index

from core.days import today
from core.metadata import absolute
from core.models import BasePage, CoalitionImage
from core.page_cache.memory import recall
from news.fields import ChoicesField
from newsletter.audience import Audience
from newsletter.blocks import IssueBlock
from newsletter.panels import AudiencePanel

from .audiences import AudienceFields
from .subscribers import Subscriber, SubscriberQuerySet


class PreviewMode(StrEnum):
    """Ways to look at an issue before it is sent, besides the page."""

    HTML = "mail"
    TEXT = "text"


class IssuePageQuerySet(PageQuerySet):
    """Issues of the newsletter."""

    def published(self) -> Self:
        """Select those that anybody may read."""
        live = self.live()
        # Asked by every page in the same words: see BasePage.get_view_restrictions.
        is_restricted = recall("is anything restricted", PageViewRestriction.objects.exists)
        return live.public() if is_restricted else live

    def for_list(self) -> Self:
        """Select published issues with all that a list shows, the newest first. One query, whatever their number."""
        issues = self.published().defer_streamfields().select_related("alias_of__locale")
        return issues.newest_first()

    def newest_first(self) -> Self:
        return self.order_by("-date", "-pk")

    def before(self, *, day: date, pk: int | None) -> Self:
        """Select those below this one in a list with the newest first. `pk` is None for an unsaved page."""
        of_the_day = Q(date=day) if pk is None else Q(date=day, pk__lt=pk)
        return self.filter(Q(date__lt=day) | of_the_day)

    def after(self, *, day: date, pk: int) -> Self:
        """Select those above this one in such a list."""
        return self.filter(Q(date__gt=day) | Q(date=day, pk__gt=pk))

    def in_language(self, code: str) -> Self:
        return self.filter(locale__language_code=code)


class IssuePage(AudienceFields, BasePage):
    """An issue: what is published of it is what is sent, and stays in the archive.

    The audience belongs to the issue that is sent, not to its translations: see `Mailing.page`.
    """

    subject = models.CharField(
        _("subject"),
        max_length=150,
        blank=True,
        help_text=_(
            "Of the e-mail. Leave empty to use the title. Phones show about 40 characters."
        ),
    )
    preheader = models.CharField(
        _("preheader"),
        max_length=150,
        blank=True,
        help_text=_("Shown beside the subject in inboxes. 40 to 100 characters."),
    )
    date = models.DateField(_("date"), default=today)
    body = StreamField(IssueBlock(), verbose_name=_("body"))
    languages = ChoicesField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_(
            "Readers of these languages. Leave empty for every language in which the issue is published."
        ),
    )
    segment = models.ForeignKey(
        "newsletter.Segment",
        verbose_name=_("segment"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Only people in this segment."),
    )

    objects = PageManager.from_queryset(IssuePageQuerySet)()

    content_panels = [
        FieldPanel("title", classname="title"),
        MultiFieldPanel(["subject", "preheader", "date"], heading=_("The mail")),
        FieldPanel("summary"),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                "languages",
                "regions",
                "topics",
                "segment",
                AudiencePanel(heading=_("Audience size")),
            ],
            heading=_("Audience"),
        ),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body"), index.FilterField("date")]
    page_description = _("An issue of the newsletter: written, checked and sent.")
    parent_page_types = ["newsletter.IssueIndexPage"]
    subpage_types: list[str] = []
    preview_modes = [
        ("", _("Page")),
        (PreviewMode.HTML, _("Mail")),
        (PreviewMode.TEXT, _("Mail in plain text")),
    ]

    class Meta:
        verbose_name = _("issue")
        indexes = [models.Index(fields=["-date"], name="issue_by_date")]

    @property
    def mail_subject(self) -> str:
        return self.subject or self.title

    @property
    def audience(self) -> Audience:
        """Whom it goes to, if it is the one that is sent."""
        return Audience(
            languages=self.languages or self.published_languages,
            regions=self.regions,
            topics=self.topics,
            within=self.segment.audience if self.segment else None,
        )

    def recipients(self) -> SubscriberQuerySet:
        """Select those who would receive it now. Lazy: returns an unevaluated queryset."""
        return Subscriber.objects.confirmed().in_audience(self.audience)

    @property
    def published_languages(self) -> list[str]:
        """Languages in which the issue is published, and its own."""
        translations = IssuePage.objects.filter(translation_key=self.translation_key).live()
        codes = set(translations.values_list("locale__language_code", flat=True))
        return sorted({*codes, self.locale.language_code})

    def previous(self) -> "IssuePage | None":
        """The published issue before this one, in its language. Asked once."""
        return self._previous

    @cached_property
    def _previous(self) -> "IssuePage | None":
        before = self._in_archive.before(day=self.date, pk=self.pk).newest_first()
        found: IssuePage | None = before.first()
        return found

    def _neighbours(self) -> tuple["IssuePage | None", "IssuePage | None"]:
        """The published issues before and after this one, in its language, in one query."""
        if self.pk is None:
            return self.previous(), None
        before = self._in_archive.before(day=self.date, pk=self.pk).newest_first()
        after = self._in_archive.after(day=self.date, pk=self.pk).order_by("date", "pk")
        found = self._in_archive.filter(
            Q(pk=Subquery(before.values("pk")[:1])) | Q(pk=Subquery(after.values("pk")[:1]))
        )
        older = newer = None
        for issue in found:
            if (issue.date, issue.pk) < (self.date, self.pk):
                older = issue
            else:
                newer = issue
        return older, newer

    @property
    def _in_archive(self) -> IssuePageQuerySet:
        issues: IssuePageQuerySet = IssuePage.objects.filter(locale=self.locale_id).published()
        return issues.defer_streamfields().select_related("alias_of__locale")

    @property
    def picture(self) -> CoalitionImage | None:
        """That of the lead, where staff chose none."""
        leads = (block.value["image"] for block in self.body if block.block_type == "lead")
        return self.social_image or next(filter(None, leads), None)

    @property
    def structured_data(self) -> dict[str, Any]:
        """https://schema.org/Article"""
        published, changed = self.first_published_at, self.last_published_at
        of_the_site = {"@id": absolute("/#organization")}
        told = {
            "@type": "Article",
            "headline": self.title,
            "description": self.description,
            "datePublished": published.isoformat() if published else None,
            "dateModified": changed.isoformat() if changed else None,
            "author": of_the_site,
            "publisher": of_the_site,
        }
        return {name: value for name, value in told.items() if value}

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        older, newer = self._neighbours()
        # For the block of changes, which asks on its own where there is no page to show.
        self._previous = older
        return {**context, "older": older, "newer": newer}

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the page, or a part of the mail as it would be sent now."""
        if mode_name not in set(PreviewMode):
            response: HttpResponse = super().serve_preview(request, mode_name)
            return response
        # Templates render the mail, by a tag: a model imports no renderer.
        return render(request, f"email/issue/{mode_name}_preview.html", {"page": self})
