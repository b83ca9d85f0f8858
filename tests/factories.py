"""Makes pages and people for tests."""

import factory
import wagtail_factories
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page, Site

from campaigns.choices import Topic
from campaigns.models import CampaignIndexPage, CampaignPage
from coalition_site.core.models import CoalitionImage, User
from coalition_site.home.models import (
    ContactFormField,
    ContactPage,
    FrontPageFigure,
    HomePage,
    StandardPage,
)
from regions.choices import KeyFactKind, Region
from regions.models import KeyFact, RegionIndexPage, RegionPage


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
    """A contact page with a name, an address to answer to, a subject and a message."""

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


def serve_from(page: Page) -> Site:
    """Make `page` the root of the default site, as a front page is."""
    site, _ = Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "testserver", "port": 80, "root_page": page, "site_name": "Test"},
    )
    return site


def english() -> Locale:
    return Locale.objects.get_or_create(language_code="en")[0]
