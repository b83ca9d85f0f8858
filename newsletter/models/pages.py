"""Issues of the newsletter, and the page that lists them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager
from wagtail.search import index
from wagtail.url_routing import RouteResult

from campaigns.choices import Topic
from coalition_site.core.models import BasePage
from news.fields import ChoicesField
from newsletter.audience import Audience
from newsletter.blocks import IssueBlock
from newsletter.querysets import IssuePageQuerySet
from regions.choices import Region

# Of the addresses under `/newsletter/` this one is the page's; the others are views.
ARCHIVE = "issues"


class IssueIndexPage(BasePage):
    """All issues, the newest first, at `<slug>/issues/`: the form of the sign-up stands at `<slug>/`."""

    page_description = _("All issues of the newsletter.")
    parent_page_types = ["home.HomePage"]
    subpage_types = ["newsletter.IssuePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("issues of the newsletter")

    def set_url_path(self, parent: Page | None) -> str:
        self.url_path: str = f"{super().set_url_path(parent)}{ARCHIVE}/"
        return self.url_path

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if path_components[:1] != [ARCHIVE]:
            raise Http404
        return super().route(request, path_components[1:])


class IssuePage(BasePage):
    """An issue: what is published of it is what is sent, and stays in the archive.

    The audience belongs to the issue that is sent, not to its translations: see `Mailing.page`.
    """

    subject = models.CharField(
        _("subject"),
        max_length=150,
        blank=True,
        help_text=_("Of the mail. Empty: the title. Phones show about 40 letters."),
    )
    preheader = models.CharField(
        _("preheader"),
        max_length=150,
        blank=True,
        help_text=_("What lists of mail show beside the subject. 40 to 100 letters."),
    )
    date = models.DateField(_("date"), default=timezone.localdate)
    body = StreamField(IssueBlock(), verbose_name=_("body"))
    languages = ChoicesField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_(
            "Readers of these languages. None chosen: of every language in which the issue is published."
        ),
    )
    regions = ChoicesField(
        models.CharField(max_length=40, choices=Region),
        verbose_name=_("regions"),
        default=list,
        blank=True,
        help_text=_("Who chose one of these, or all regions. None chosen: everybody."),
    )
    topics = ChoicesField(
        models.CharField(max_length=40, choices=Topic),
        verbose_name=_("topics"),
        default=list,
        blank=True,
        help_text=_("Who chose one of these, or all topics. None chosen: everybody."),
    )
    segment = models.ForeignKey(
        "newsletter.Segment",
        verbose_name=_("segment"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Only people of this segment."),
    )

    objects = PageManager.from_queryset(IssuePageQuerySet)()

    content_panels = [
        FieldPanel("title", classname="title"),
        MultiFieldPanel(["subject", "preheader", "date"], heading=_("The mail")),
        FieldPanel("summary"),
        FieldPanel("body"),
        MultiFieldPanel(
            ["languages", "regions", "topics", "segment"], heading=_("Whom it is sent to")
        ),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body"), index.FilterField("date")]
    page_description = _("An issue of the newsletter: written, checked and sent.")
    parent_page_types = ["newsletter.IssueIndexPage"]
    subpage_types: list[str] = []

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

    @property
    def published_languages(self) -> list[str]:
        """Languages in which the issue is published, and its own."""
        translations = IssuePage.objects.filter(translation_key=self.translation_key).live()
        codes = set(translations.values_list("locale__language_code", flat=True))
        return sorted({*codes, self.locale.language_code})

    def previous(self) -> "IssuePage | None":
        """The published issue before this one, in its language."""
        others: Any = IssuePage.objects.live().filter(locale=self.locale_id).exclude(pk=self.pk)
        before: IssuePage | None = others.filter(date__lte=self.date).newest_first().first()
        return before
