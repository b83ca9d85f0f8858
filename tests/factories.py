"""Factories for pages, people and countries."""

import datetime as dt

import factory
import wagtail_factories
from django.utils.text import slugify
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page, Site
from wagtail.rich_text import RichText

from campaigns.choices import Topic
from campaigns.models import CampaignIndexPage, CampaignPage
from contact.models import ContactFormField, ContactPage
from core.models import CoalitionImage, User
from home.models import FrontPageFigure, HomePage, StandardPage
from news.models import ArticlePage, NewsIndexPage
from newsletter.models import IssueIndexPage, IssuePage
from record.choices import Action, LawKind, LawStage, Region, Treaty
from record.models import Country, ImplementingLaw, TreatyAction
from regions.choices import KeyFactKind
from regions.models import CountryPage, KeyFact, RegionIndexPage, RegionPage


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"staff{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")


class SuperuserFactory(UserFactory):
    is_staff = True
    is_superuser = True


class ImageFactory(wagtail_factories.ImageFactory):
    class Meta:
        model = CoalitionImage


class ContactPageFactory(wagtail_factories.PageFactory):
    """A contact page with fields for a name, a reply address, a subject and a message."""

    class Meta:
        model = ContactPage
        skip_postgeneration_save = True

    title = "Contact"
    button = "Send"
    thanks = "<p>We answer within a week.</p>"
    recipients = "secretariat@example.org"

    @factory.post_generation
    def fields(self: ContactPage, create: bool, extracted: object) -> None:
        for label, field_type, role, required in (
            ("Your name", "singleline", "", False),
            ("E-mail", "email", "reply_address", True),
            ("Subject", "singleline", "subject", True),
            ("Message", "multiline", "", True),
        ):
            ContactFormField.objects.create(
                page=self,
                locale=self.locale,
                label=label,
                field_type=field_type,
                role=role,
                required=required,
            )


class HomePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = HomePage

    title = "Coalition for the International Criminal Court"
    slug = "front-page"
    headline = "Justice for the gravest crimes needs every state"
    lead = "Civil society organisations work so that victims find justice."
    regions_heading = "Where we work"
    campaigns_heading = "Governments built the Court. They have to keep it standing."


class FrontPageFigureFactory(DjangoModelFactory[FrontPageFigure]):
    class Meta:
        model = FrontPageFigure

    value = "2,500+"
    label = "member organisations"


class StandardPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = StandardPage

    title = factory.Sequence(lambda n: f"Page {n}")


class RegionIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = RegionIndexPage

    title = "Where we work"
    slug = "where-we-work"


class RegionPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = RegionPage

    region = Region.AFRICA
    title = factory.LazyAttribute(lambda page: str(Region(page.region).label))
    slug = factory.LazyAttribute(lambda page: str(page.region))


class KeyFactFactory(DjangoModelFactory[KeyFact]):
    class Meta:
        model = KeyFact

    kind = KeyFactKind.ICC_MEMBER_STATES
    value = 30
    source = "Secretariat of the Coalition"


class CampaignIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = CampaignIndexPage

    title = "Wanted: political will"
    slug = "campaigns"


class CampaignPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = CampaignPage

    topic = Topic.STATE_COOPERATION
    title = factory.LazyAttribute(lambda page: str(Topic(page.topic).label))
    slug = factory.LazyAttribute(lambda page: str(page.topic))


class NewsIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = NewsIndexPage

    title = "News"
    slug = "news"


class ArticlePageFactory(wagtail_factories.PageFactory):
    """News of 1 January 2026 about no particular subject."""

    class Meta:
        model = ArticlePage

    title = factory.Sequence(lambda n: f"Article {n}")
    date = factory.LazyFunction(lambda: dt.date(2026, 1, 1))


class IssueIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = IssueIndexPage

    title = "All issues"
    slug = "newsletter"


class IssuePageFactory(wagtail_factories.PageFactory):
    """An issue of 1 March 2026 with one paragraph."""

    class Meta:
        model = IssuePage

    title = factory.Sequence(lambda n: f"Issue {n}")
    date = factory.LazyFunction(lambda: dt.date(2026, 3, 1))
    body = factory.LazyFunction(lambda: [("text", RichText("<p>What happened.</p>"))])


def serve_from(page: Page) -> Site:
    """Make `page` the root of the default site, like a front page."""
    site, _ = Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "testserver", "port": 80, "root_page": page, "site_name": "Test"},
    )
    return site


def english() -> Locale:
    return Locale.objects.get_or_create(language_code="en")[0]


def _free_code(number: int) -> str:
    """Return one of the codes that ISO 3166 reserves for users, XAA to XSZ and QMA to QZZ, in turn."""
    number %= 19 * 26 + 14 * 26
    return f"X{_code(number, 2)}" if number < 19 * 26 else f"Q{_code(number - 7 * 26, 2)}"


def _code(number: int, length: int) -> str:
    """Return the number in base 26, written in capital letters."""
    letters = ""
    for _ in range(length):
        number, place = divmod(number, 26)
        letters = chr(ord("A") + place) + letters
    return letters


class CountryFactory(DjangoModelFactory[Country]):
    """A published country without treaty actions."""

    class Meta:
        model = Country

    class Params:
        number = factory.Sequence(lambda n: n)

    iso2 = factory.LazyAttribute(lambda country: _code(country.number, 2))
    iso3 = factory.LazyAttribute(lambda country: _free_code(country.number))
    m49 = factory.LazyAttribute(lambda country: f"{country.number % 1000:03}")
    name_en = factory.LazyAttribute(lambda country: f"Land {country.iso3}")
    name_fr = factory.LazyAttribute(lambda country: f"Pays {country.iso3}")
    name_es = factory.LazyAttribute(lambda country: f"País {country.iso3}")
    name_ar = factory.LazyAttribute(lambda country: f"بلد {country.iso3}")
    region = Region.AFRICA


class CountryPageFactory(wagtail_factories.PageFactory):
    """The page of a country. Its parent is the page of the country's region."""

    class Meta:
        model = CountryPage

    country = factory.SubFactory(CountryFactory)
    title = factory.LazyAttribute(lambda page: page.country.name_en)
    slug = factory.LazyAttribute(lambda page: slugify(page.country.name_en))


class TreatyActionFactory(DjangoModelFactory[TreatyAction]):
    """A treaty action of a country. Created without `Country.save`, so the trail of changes does not record it."""

    class Meta:
        model = TreatyAction

    country = factory.SubFactory(CountryFactory)
    treaty = Treaty.ROME_STATUTE
    action = Action.ACCESSION
    date = factory.LazyFunction(lambda: dt.date(2005, 3, 15))
    source = "UN Treaty Collection"


class ImplementingLawFactory(DjangoModelFactory[ImplementingLaw]):
    class Meta:
        model = ImplementingLaw

    country = factory.SubFactory(CountryFactory)
    kind = LawKind.COMPLEMENTARITY
    stage = LawStage.ENACTED
    source = "Report of the state to the Assembly"
