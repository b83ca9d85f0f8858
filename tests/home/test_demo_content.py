"""The demo content on a new site, and its limits on a site that staff work on."""

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db.models import Model, Q
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from wagtail.models import Collection, ModelLogEntry, Page, PageLogEntry, Revision, Site
from wagtail.permissions import policy_registry

from campaigns.choices import Topic
from campaigns.models import CampaignPage
from contact.models import ContactPage
from core.checks import check_versions
from core.models import CoalitionDocument, CoalitionImage, User
from home.demo_content.files import BRIEF, CONTENTS, PAGES, read_page_files
from home.models import HomePage, LoadedContent
from record.choices import Region
from record.models import Country
from regions.country_links import country_urls
from regions.models import CountryPage, RegionPage
from tests import factories
from tests.content import address_of, hold_demo_content
from tests.snapshots import DatabaseStates
from tracker.models import YearlyReport


def run(**options: Any) -> str:
    """Run the command and return its output."""
    output = StringIO()
    call_command("load_demo_content", stdout=output, **options)
    return output.getvalue()


@pytest.fixture
def transactional_db(
    database_states: DatabaseStates, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A new site with the demo content, loaded once and restored after each test that changed it."""
    with django_db_blocker.unblock():
        hold_demo_content(database_states)
        yield


@pytest.fixture(scope="module")
def brief() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(BRIEF.read_text())
    return content


def database() -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows that the command could write."""
    models = [Page, HomePage, RegionPage, CampaignPage, Site, Group, LoadedContent, Country]
    logs = [Revision, PageLogEntry, ModelLogEntry]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in [*models, *logs]
    }


def test_every_file_is_listed_and_every_listed_page_has_a_file() -> None:
    files = {path.relative_to(PAGES).with_suffix("").as_posix() for path in PAGES.rglob("*.yaml")}
    assert files - {CONTENTS.stem} == {file.key for file in read_page_files()}


@pytest.mark.usefixtures("transactional_db")
class TestANewSite:
    def test_every_page_of_the_contents_is_published_at_its_address(self) -> None:
        files = read_page_files()
        assert files
        for file in files:
            page = LoadedContent.objects.get(key=file.key).page
            assert page is not None
            assert page.live
            assert page.url == address_of(file.key)

    def test_the_tree_is_sound(self) -> None:
        assert not any(Page.find_problems())

    def test_every_page_and_record_has_a_version_that_its_history_offers(self) -> None:
        assert check_versions(None, databases=["default"]) == []
        offered = Q(content_changed=True, revision__isnull=False) & ~Q(action="wagtail.publish")
        pages = PageLogEntry.objects.filter(offered).values("page")
        assert not Page.objects.filter(depth__gt=1).exclude(pk__in=pages).exists()
        records = ModelLogEntry.objects.filter(offered)
        for model in (Country, YearlyReport):
            assert model._default_manager.exists()
            of_model = records.filter(content_type=ContentType.objects.get_for_model(model))
            listed = {int(key) for key in of_model.values_list("object_id", flat=True)}
            assert set(model._default_manager.values_list("pk", flat=True)) == listed

    def test_the_welcome_page_made_room(self) -> None:
        site = Site.objects.get()
        assert site.is_default_site
        assert isinstance(site.root_page.specific, HomePage)
        assert Page.objects.filter(depth=2).count() == 1

    def test_the_record_has_every_state(self) -> None:
        assert Country.objects.published().count() == 196

    def test_the_first_yearly_report_is_frozen_from_the_record(self) -> None:
        report = YearlyReport.objects.public().get()
        assert report.record.note == "Frozen when the demo content was loaded."
        assert report.record.data["counts"]["by_status"]["state_party"] == 125
        assert report.record.data["changes"]["revoked"] == [
            {"iso3": "HUN", "day": "2026-05-29", "effect": None}
        ]

    def test_every_state_has_a_page_under_its_region(self) -> None:
        urls = country_urls("en")
        assert len(urls) == 196
        assert urls["KEN"] == "/where-we-work/africa/kenya/"
        assert urls["CIV"] == "/where-we-work/africa/cote-divoire/"

    def test_messages_go_to_the_sender_address_until_staff_set_recipients(self) -> None:
        assert ContactPage.objects.get().recipient_list == ["news@localhost"]

    def test_the_newest_revision_is_what_is_shown(self) -> None:
        pages = RegionPage.objects.all()
        assert len(pages) == len(Region)
        for page in pages:
            draft = page.get_latest_revision_as_object()
            assert draft.key_facts.all()
            assert list(draft.key_facts.all()) == list(page.key_facts.all())
            assert draft.body == page.body
            assert not page.has_unpublished_changes

    def test_the_brief_names_the_pages(self, brief: dict[str, Any]) -> None:
        organisation = brief["organisation"]["name"]
        assert HomePage.objects.get().title == organisation
        assert Site.objects.get().site_name == organisation
        regions = brief["where_we_work"]["regions"]
        assert [
            (page.title, page.slug, page.region) for page in RegionPage.objects.order_by("path")
        ] == [(region["region"], region["slug"], Region(region["slug"])) for region in regions]
        topics = brief["campaigns"]["topics"]
        assert [
            (page.title, page.slug, page.topic) for page in CampaignPage.objects.order_by("path")
        ] == [(topic["title"], topic["slug"], Topic(topic["slug"])) for topic in topics]

    def test_summaries_and_search_descriptions_have_the_length_that_lists_show(self) -> None:
        pages = Page.objects.filter(depth__gt=1).not_type(CountryPage).specific()
        assert len(pages) >= len(read_page_files())
        for page in pages:
            assert 60 <= len(page.summary) <= 300, page.title
            assert 70 <= len(page.search_description) <= 160, page.title


@pytest.mark.usefixtures("transactional_db")
class TestASecondRun:
    def test_it_changes_nothing(self) -> None:
        before = database()
        run()
        assert database() == before

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda page: page.save_revision().publish(), id="edited"),
            pytest.param(lambda page: page.unpublish(), id="unpublished"),
            pytest.param(lambda page: page.delete(), id="deleted"),
            pytest.param(
                lambda page: page.move(CampaignPage.objects.first().get_parent(), "last-child"),
                id="moved",
            ),
        ],
    )
    def test_changes_by_staff_to_a_page_are_kept(self, change: Callable[[Page], Any]) -> None:
        page = RegionPage.objects.get(slug="africa")
        page.title, page.slug = "Africa and its courts", "africa-and-its-courts"
        change(page)
        before = database()
        run()
        assert database() == before

    def test_a_deleted_team_stays_deleted(self) -> None:
        Group.objects.get(name="Africa team").delete()
        run()
        assert not Group.objects.filter(name="Africa team").exists()

    def test_changes_by_staff_to_the_record_are_kept(self) -> None:
        Country.objects.filter(iso3="HUN").update(note="Written by staff.")
        before = database()
        run()
        assert database() == before

    def test_a_country_page_that_staff_deleted_stays_deleted(self) -> None:
        CountryPage.objects.get(country__iso3="HUN").delete()
        run()
        assert not CountryPage.objects.filter(country__iso3="HUN").exists()

    def test_no_report_is_added_to_one_that_staff_wrote(self) -> None:
        LoadedContent.objects.filter(key="reports/2026").delete()
        before = database()
        assert "reports/2026: left out" in run()
        assert database() == before

    def test_no_record_is_loaded_over_one_that_staff_began(self) -> None:
        LoadedContent.objects.filter(key="record").delete()
        before = database()
        assert "record: left out" in run()
        assert database() == before

    def test_content_of_a_newer_version_is_added(self) -> None:
        """The page is deleted and forgotten, as if an earlier version had not had it."""
        CampaignPage.objects.get(slug="elections").delete()
        LoadedContent.objects.filter(key="campaigns/elections").delete()
        assert "1 added" in run()
        assert CampaignPage.objects.get(slug="elections").live

    def test_a_new_page_does_without_the_links_whose_pages_staff_deleted(self) -> None:
        CampaignPage.objects.get(slug="elections").delete()
        LoadedContent.objects.filter(key="campaigns/elections").delete()
        CampaignPage.objects.get(slug="assembly-of-states-parties").delete()
        run()
        body = CampaignPage.objects.get(slug="elections").body
        assert "call_to_action" not in [block.block_type for block in body]
        assert "Assembly of States Parties" in str(body.get_prep_value())

    def test_a_new_page_takes_no_address_of_a_page_that_staff_made(self) -> None:
        campaign = CampaignPage.objects.get(slug="elections")
        index = campaign.get_parent()
        campaign.delete()
        LoadedContent.objects.filter(key="campaigns/elections").delete()
        own = factories.CampaignPageFactory(
            parent=Page.objects.get(pk=index.pk), topic=Topic.ELECTIONS
        )
        assert "campaigns/elections: left out" in run()
        assert list(CampaignPage.objects.filter(slug="elections")) == [own]

    def test_nothing_is_added_under_a_page_that_staff_deleted(self) -> None:
        LoadedContent.objects.filter(key="campaigns/elections").delete()
        CampaignPage.objects.first().get_parent().delete()
        assert "campaigns/elections: left out" in run()
        assert not CampaignPage.objects.exists()


def test_a_dry_run_writes_nothing(db: None) -> None:
    before = database()
    output = run(dry_run=True)
    assert "where-we-work/africa: added" in output
    assert "dry run" in output
    assert database() == before


def test_a_site_that_has_pages_of_its_own_is_refused(home_page: HomePage) -> None:
    before = database()
    with pytest.raises(CommandError, match="Nothing was loaded"):
        run()
    assert database() == before


def test_a_welcome_page_that_staff_rewrote_is_no_longer_one(db: None) -> None:
    Site.objects.get().root_page.save_revision().publish()
    with pytest.raises(CommandError):
        run()


@pytest.mark.usefixtures("transactional_db")
class TestTeamsOfTheRegions:
    @pytest.fixture
    def member(self, transactional_db: None) -> User:
        member: User = factories.UserFactory.create()
        member.groups.add(Group.objects.get(name="Africa team"))
        return member

    def test_a_member_edits_and_publishes_their_own_region(self, member: User) -> None:
        permissions = RegionPage.objects.get(slug="africa").permissions_for_user(member)
        assert permissions.can_edit()
        assert permissions.can_publish()

    def test_the_admin_opens_the_users_own_region_and_no_other(
        self, client: Client, member: User
    ) -> None:
        client.force_login(member)
        for region, status in (("africa", 200), ("europe", 302)):
            page = RegionPage.objects.get(slug=region)
            address = reverse("wagtailadmin_pages:edit", args=[page.pk])
            assert client.get(address).status_code == status, region

    @pytest.mark.parametrize("model", [CoalitionImage, CoalitionDocument])
    def test_a_member_stores_files_in_their_own_collection_and_chooses_from_all(
        self, member: User, model: type[Model]
    ) -> None:
        policy = policy_registry.get_by_type(model)
        for action in ("add", "change"):
            own = policy.collections_user_has_permission_for(member, action)
            assert [collection.name for collection in own] == ["Africa"]
        shared = policy.collections_user_has_permission_for(member, "choose")
        assert shared.count() == Collection.objects.count()

    def test_a_member_edits_no_other_page(self, member: User) -> None:
        africa = RegionPage.objects.get(slug="africa")
        others = Page.objects.not_descendant_of(africa, inclusive=True)
        assert len(others) > len(Region)
        for page in others:
            assert not page.permissions_for_user(member).can_edit(), page.title
            assert not page.permissions_for_user(member).can_publish(), page.title

    def test_a_member_edits_the_record_of_their_own_region_only(
        self, client: Client, member: User
    ) -> None:
        client.force_login(member)
        for code, status in (("KEN", 200), ("HUN", 302)):
            country = Country.objects.get(iso3=code)
            address = reverse("wagtailsnippets_record_country:edit", args=[country.pk])
            assert client.get(address).status_code == status, code

    def test_the_secretariat_edits_every_country_and_reviews_drafts(self, client: Client) -> None:
        moderator: User = factories.UserFactory.create()
        moderator.groups.add(Group.objects.get(name="Moderators"))
        client.force_login(moderator)
        for code in ("KEN", "HUN"):
            country = Country.objects.get(iso3=code)
            assert country.get_workflow().name == "Moderators approval"
            address = reverse("wagtailsnippets_record_country:edit", args=[country.pk])
            assert client.get(address).status_code == 200

    def test_the_secretariat_sends_issues_and_sees_no_address(self, client: Client) -> None:
        moderator: User = factories.UserFactory.create()
        moderator.groups.add(Group.objects.get(name="Moderators"))
        client.force_login(moderator)
        assert client.get("/admin/newsletter/issues/").status_code == 200
        assert client.get("/admin/subscribers/").status_code == 302
