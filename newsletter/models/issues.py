"""Issues of the newsletter, and the page that lists them."""

from datetime import date
from enum import StrEnum
from typing import Any, Self

from django.conf import settings
from django.core.paginator import InvalidPage, Paginator
from django.db import models
from django.db.models import Q, Subquery
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.signals import post_page_move

from core.days import today
from core.metadata import absolute
from core.models import BasePage, CoalitionImage
from core.page_cache.memory import recall
from news.fields import ChoicesField
from newsletter.blocks import IssueBlock
from newsletter.panels import AudiencePanel

from .people import AudienceFields
from .subscribers import Audience, Subscriber, SubscriberQuerySet


class PreviewMode(StrEnum):
    """Previews of an issue besides its page."""

    HTML = "mail"
    TEXT = "text"


class IssuePageQuerySet(PageQuerySet):
    """Queries for issues."""

    def published(self) -> Self:
        """Select published issues without view restrictions."""
        live = self.live()
        # The key is shared with BasePage.get_view_restrictions, so that one query serves both.
        is_restricted = recall("is anything restricted", PageViewRestriction.objects.exists)
        return live.public() if is_restricted else live

    def for_list(self) -> Self:
        """Select published issues with all data of a list, newest first, in one query."""
        issues = self.published().defer_streamfields().select_related("alias_of__locale")
        return issues.newest_first()

    def newest_first(self) -> Self:
        return self.order_by("-date", "-pk")

    def before(self, *, day: date, pk: int | None) -> Self:
        """Select issues older than one of that day. `pk` orders issues of one day; None for an unsaved page."""
        of_the_day = Q(date=day) if pk is None else Q(date=day, pk__lt=pk)
        return self.filter(Q(date__lt=day) | of_the_day)

    def after(self, *, day: date, pk: int) -> Self:
        """Select issues newer than one of that day."""
        return self.filter(Q(date__gt=day) | Q(date=day, pk__gt=pk))

    def in_language(self, code: str) -> Self:
        return self.filter(locale__language_code=code)


class IssuePage(AudienceFields, BasePage):
    """An issue of the newsletter. Its published version is sent, and stays in the archive.

    The audience is that of the page from which the mailing is ordered, not of its translations: see `Mailing.page`.
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
        """Return the audience of a mailing ordered from this page."""
        return Audience(
            languages=self.languages or self.published_languages,
            regions=self.regions,
            topics=self.topics,
            within=self.segment.audience if self.segment else None,
        )

    def recipients(self) -> SubscriberQuerySet:
        """Select the current recipients. Lazy: returns an unevaluated queryset."""
        return Subscriber.objects.confirmed().in_audience(self.audience)

    @property
    def published_languages(self) -> list[str]:
        """Return the languages in which the issue is published, and its own."""
        translations = IssuePage.objects.filter(translation_key=self.translation_key).live()
        codes = set(translations.values_list("locale__language_code", flat=True))
        return sorted({*codes, self.locale.language_code})

    def previous(self) -> "IssuePage | None":
        """Return the previous published issue in its language, or None. Queried once."""
        return self._previous

    @cached_property
    def _previous(self) -> "IssuePage | None":
        before = self._in_archive.before(day=self.date, pk=self.pk).newest_first()
        found: IssuePage | None = before.first()
        return found

    def _neighbours(self) -> tuple["IssuePage | None", "IssuePage | None"]:
        """Return the previous and the next published issue in its language, each or None, in one query."""
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
        """Return the image chosen by staff, or that of the lead, or None."""
        leads = (block.value["image"] for block in self.body if block.block_type == "lead")
        return self.social_image or next(filter(None, leads), None)

    @property
    def structured_data(self) -> dict[str, Any]:
        """Return data of the type https://schema.org/Article."""
        published, changed = self.first_published_at, self.last_published_at
        organization = {"@id": absolute("/#organization")}
        data = {
            "@type": "Article",
            "headline": self.title,
            "description": self.description,
            "datePublished": published.isoformat() if published else None,
            "dateModified": changed.isoformat() if changed else None,
            "author": organization,
            "publisher": organization,
        }
        return {name: value for name, value in data.items() if value}

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        older, newer = self._neighbours()
        # Saves the block of changes a query.
        self._previous = older
        return {**context, "older": older, "newer": newer}

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the page, or a part of the mail as it would be sent now."""
        if mode_name not in set(PreviewMode):
            response: HttpResponse = super().serve_preview(request, mode_name)
            return response
        # The template renders the mail by a tag, since models must not import renderers.
        return render(request, f"email/issue/{mode_name}_preview.html", {"page": self})


PER_PAGE = 12
# Under `/newsletter/` only this path is a page; the others are views.
ARCHIVE = "issues"


class IssueIndexPage(BasePage):
    """The list of issues, newest first, at `<slug>/issues/`, since the sign-up form is at `<slug>/`.

    `HomePage.route` finds a page by its whole path, so this page needs no routing of its own.
    """

    page_description = _("All issues of the newsletter.")
    parent_page_types = ["home.HomePage"]
    subpage_types = ["newsletter.IssuePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("issues of the newsletter")

    def set_url_path(self, parent: Page | None) -> str:
        self.url_path: str = f"{super().set_url_path(parent)}{ARCHIVE}/"
        return self.url_path

    @property
    def structured_data(self) -> dict[str, Any]:
        """Return data of the type https://schema.org/CollectionPage."""
        return {"@type": "CollectionPage", "description": self.description}

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add `found`, a page of issues. Raises Http404 for a page that does not exist."""
        paginator = Paginator(IssuePage.objects.child_of(self).for_list(), PER_PAGE)
        number = request.GET.get("page", "1")
        try:
            found = paginator.page(number)
        except InvalidPage:
            raise Http404 from None
        return {
            **super().get_context(request, *args, **kwargs),
            "found": found,
            "noindex": "page" in request.GET,
        }


@receiver(pre_save, sender=Page)
def keep_address_of_archive(instance: Page, **kwargs: Any) -> None:
    """Keep the path when Wagtail recomputes it on a plain `Page`, which lacks `IssueIndexPage.set_url_path`."""
    ending = f"/{instance.slug}/"
    if instance.specific_class is IssueIndexPage and instance.url_path.endswith(ending):
        instance.url_path = f"{instance.url_path}{ARCHIVE}/"


@receiver(post_page_move, sender=IssueIndexPage)
def keep_addresses_of_issues(instance: Page, url_path_after: str, **kwargs: Any) -> None:
    """Correct the paths of issues after a move: Wagtail based them on the archive's path before it was saved."""
    if instance.url_path != url_path_after:
        instance._update_descendant_url_paths(url_path_after, instance.url_path)
