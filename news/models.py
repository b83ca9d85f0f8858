"""News, views, statements, briefings and publications."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.postgres.indexes import GinIndex
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, PageManager, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from campaigns.choices import Topic
from campaigns.models import CampaignPage
from core.blocks import BodyBlock
from core.days import today
from core.metadata import absolute
from core.models import BasePage, CoalitionImage
from record.choices import Region
from record.models import Country
from regions.country_links import country_urls
from regions.models import RegionPage

from .choices import Kind, document_languages
from .fields import ChoicesField
from .filters import NewsQuery
from .querysets import ArticlePageQuerySet

PER_PAGE = 12


class NewsIndexPage(BasePage):
    """The list of all news, newest first, with filters in its address."""

    page_description = _("All news and publications, with filters.")
    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.ArticlePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("news")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the list; with status 400 if a filter is invalid. Raises Http404 beyond the last page of the list."""
        response: Any = super().serve(request, *args, **kwargs)
        if response.context_data["query"].errors:
            # RFC 9110, section 15.5.1: the error is in the address, not in a body.
            response.status_code = HTTPStatus.BAD_REQUEST
        return response

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        in_all = ArticlePage.objects.child_of(self)
        query = NewsQuery.from_params(request.GET, countries=self._countries_in_the_news(in_all))
        paginator = Paginator(query.narrow(in_all.for_list()), PER_PAGE)
        if query.page > paginator.num_pages:
            raise Http404
        found = paginator.page(query.page)
        return {
            **super().get_context(request, *args, **kwargs),
            "query": query,
            "found": found,
            "newer": found.has_previous() and query.urlencode(page=found.previous_page_number()),
            "older": found.has_next() and query.urlencode(page=found.next_page_number()),
            "noindex": bool(query.given or query.errors),
        }

    def _countries_in_the_news(self, articles: ArticlePageQuerySet) -> Iterable[Country]:
        named = ArticlePage.countries.through.objects.filter(articlepage__in=articles.published())
        countries = Country.objects.published().filter(pk__in=named.values("country"))
        return countries.by_name(self.locale.language_code)


class ArticleForm(WagtailAdminPageForm):
    """Requires an alternative text for a picture that has no description in the image library."""

    def clean(self) -> dict[str, Any]:
        cleaned_data: dict[str, Any] = super().clean()
        image = cleaned_data.get("image")
        if image and not image.description and not cleaned_data.get("image_alt"):
            self.add_error("image_alt", _("Describe what the image shows."))
        return cleaned_data


class ArticlePage(BasePage):
    """News, a view, a statement, a briefing or a publication, by the Coalition, a member or another author.

    `date` is the date of the content, whenever the page was published, and orders the lists.
    """

    kind = models.CharField(_("kind"), max_length=24, choices=Kind, default=Kind.NEWS)
    date = models.DateField(
        _("date"),
        default=today,
        help_text=_("The date of the event or of publication. Lists show the latest first."),
    )
    author = models.CharField(
        _("author"),
        max_length=200,
        blank=True,
        help_text=_("A person or an organisation. Leave empty to name nobody."),
    )
    publisher = models.CharField(
        _("publisher"),
        max_length=200,
        blank=True,
        help_text=_("For publications, if different from the author."),
    )
    image = models.ForeignKey(
        "core.CoalitionImage",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown above the text. For publications, the cover."),
    )
    image_alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_(
            "What a reader who cannot see it needs to know. Leave empty to use the description from the image library."
        ),
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    regions = ChoicesField(
        models.CharField(max_length=32, choices=Region),
        verbose_name=_("regions"),
        default=list,
        blank=True,
        help_text=_("The regions of the countries below are added automatically."),
    )
    topics = ChoicesField(
        models.CharField(max_length=40, choices=Topic),
        verbose_name=_("campaigns"),
        default=list,
        blank=True,
    )
    countries = ParentalManyToManyField(
        "record.Country", verbose_name=_("countries"), blank=True, related_name="articles"
    )

    objects = PageManager.from_queryset(ArticlePageQuerySet)()

    content_panels = [
        FieldPanel("title", classname="title"),
        MultiFieldPanel(["kind", "date", "author", "publisher"], heading=_("What it is")),
        FieldPanel("summary"),
        MultiFieldPanel(["image", "image_alt"], heading=_("Image"), classname="collapsed"),
        FieldPanel("body"),
        InlinePanel("documents", heading=_("Documents"), label=_("Document")),
        InlinePanel("sources", heading=_("Sources"), label=_("Source")),
        MultiFieldPanel(
            [
                "regions",
                "topics",
                FieldPanel("countries", widget=forms.CheckboxSelectMultiple),
            ],
            heading=_("What it is about"),
        ),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("author"),
        index.SearchField("publisher"),
        index.SearchField("body"),
        index.RelatedFields("documents", [index.SearchField("title")]),
        index.FilterField("kind"),
        index.FilterField("date"),
    ]
    # By default wagtail-localize does not copy many-to-many relations again.
    override_translatable_fields = [SynchronizedField("countries")]
    base_form_class = ArticleForm
    page_description = _("News, a view, a statement, a briefing or a publication.")
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("article")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values), name="article_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(regions__contained_by=Region.values)
                & models.Q(topics__contained_by=Topic.values),
                name="article_is_about_what_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["-date"], name="article_by_date"),
            GinIndex(fields=["regions", "topics"], name="article_by_subject"),
        ]

    @cached_property
    def named_countries(self) -> list[Country]:
        """Return its countries, queried once."""
        return list(self.countries.all())

    @cached_property
    def cited(self) -> list["ArticleSource"]:
        """Return its sources, queried once."""
        return list(self.sources.all())

    @property
    def region_values(self) -> list[str]:
        """Return the regions of the article and of its countries, in the order of `Region`."""
        named = {*self.regions, *(country.region for country in self.named_countries)}
        return [region for region in Region.values if region in named]

    @property
    def subjects(self) -> list[str]:
        """Return the names of its countries, or else of its regions, or else of its campaigns."""
        return (
            [country.name for country in self.named_countries]
            or [str(Region(region).label) for region in self.region_values]
            or [str(Topic(topic).label) for topic in self.topics]
        )

    @property
    def picture(self) -> CoalitionImage | None:
        return self.social_image or self.image

    @property
    def structured_data(self) -> dict[str, Any]:
        """Return a https://schema.org/NewsArticle, or a Report for a publication."""
        is_publication = self.kind == Kind.PUBLICATION
        published, changed = self.first_published_at, self.last_published_at
        # Without a type, since the author may be a person or an organisation.
        of_the_site = {"@id": absolute("/#organization")}
        by = {"@type": "Organization", "name": self.publisher} if self.publisher else of_the_site
        data = {
            "@type": "Report" if is_publication else "NewsArticle",
            "headline": self.title,
            "description": self.description,
            "datePublished": published.isoformat() if published else None,
            "dateModified": changed.isoformat() if changed else None,
            "contentReferenceTime": self.date.isoformat(),
            "author": {"name": self.author} if self.author else of_the_site,
            "publisher": by,
            "articleSection": str(self.get_kind_display()),
            "about": [{"@type": "Country", "name": one.name} for one in self.named_countries],
            "citation": [source.link or source.label for source in self.cited],
        }
        return {name: value for name, value in data.items() if value}

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        urls = country_urls(self.locale.language_code)
        regions = RegionPage.objects.live().filter(locale=self.locale_id)
        campaigns = CampaignPage.objects.for_cards().filter(locale=self.locale_id)
        return {
            **super().get_context(request, *args, **kwargs),
            "documents": self.documents.select_related("document"),
            "sources": self.cited,
            "named_countries": [
                (country.name, urls.get(country.iso3, "")) for country in self.named_countries
            ],
            "named_regions": regions.filter(region__in=self.region_values).in_menu_order(),
            "named_campaigns": campaigns.filter(topic__in=self.topics),
        }


class ArticleDocument(TranslatableMixin, Orderable):
    """A file attached to an article, such as the text of a publication."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=200)
    document = models.ForeignKey(
        "core.CoalitionDocument",
        verbose_name=_("document"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    language = models.CharField(
        _("language of the document"), max_length=10, choices=document_languages, blank=True
    )

    panels = [FieldPanel("title"), FieldPanel("document"), FieldPanel("language")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = False
        verbose_name = _("document")

    def __str__(self) -> str:
        return self.title


class ArticleSource(TranslatableMixin, Orderable):
    """A source of the facts in an article."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="sources")
    label = models.CharField(
        _("source"),
        max_length=200,
        help_text=_("Who published it, and where: “ICC press release”."),
    )
    link = models.URLField(_("link"), blank=True)
    day = models.DateField(_("date of the source"), null=True, blank=True)

    panels = [FieldPanel("label"), FieldPanel("link"), FieldPanel("day")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = False
        verbose_name = _("source")

    def __str__(self) -> str:
        return self.label
