"""Every public page and record has a version in its history, and stays online when a change is scheduled."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from core.checks import check_versions
from core.models import User
from home.models import HomePage, StandardPage
from record.imports import apply_import
from record.models import Country
from regions.models import CountryPage
from regions.services import create_missing_country_pages
from tests import factories
from tests.record.country_admin import form_of
from tests.record.imports.files import KENYA, table

PUBLISH = {
    "action-publish": "Publish",
    "body-count": "0",
}  # The editor's script counts the blocks.


@pytest.fixture
def country_page(site_tree: HomePage) -> CountryPage:
    factories.CountryFactory.create(name_en="Wakanda", region="africa")
    (page,) = create_missing_country_pages(locale=site_tree.locale)
    return page


@pytest.fixture
def old_page(home_page: HomePage) -> StandardPage:
    """A page published by code that kept no version."""
    page: StandardPage = factories.StandardPageFactory.create(
        parent=home_page,
        title="As it was",
        slug="page",
        first_published_at=timezone.now() - timedelta(days=90),
    )
    return page


def edit(client: Client, page: Page, **changes: str) -> None:
    """Change fields in the editor's form and send it."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = client.post(address, {**form_of(client.get(address).text), **changes})
    assert response.status_code == 302, response.text


def schedule(client: Client, page: Page) -> None:
    day = timezone.now() + timedelta(days=30)
    edit(client, page, go_live_at=day.strftime("%Y-%m-%d %H:%M"), **PUBLISH)
    assert Page.objects.get(pk=page.pk).approved_schedule


def actions_in_history(client: Client, address: str) -> list[str]:
    html = client.get(address).text
    return [
        word for word in ("Review this version", "Compare with current version") if word in html
    ]


def test_scheduling_a_change_leaves_the_page_of_a_country_online(
    staff_client: Client, client: Client, country_page: CountryPage
) -> None:
    schedule(staff_client, country_page)
    assert client.get(country_page.url).status_code == 200


def test_scheduling_a_change_leaves_a_page_without_a_version_online(
    staff_client: Client, old_page: StandardPage
) -> None:
    schedule(staff_client, old_page)
    old_page.refresh_from_db()
    assert (old_page.live, old_page.title) == (True, "As it was")


def test_a_new_page_that_is_scheduled_is_not_public_before(
    staff_client: Client, home_page: HomePage
) -> None:
    """It has no earlier version, and nobody has seen it."""
    address = reverse("wagtailadmin_pages:add", args=["home", "standardpage", home_page.pk])
    day = timezone.now() + timedelta(days=30)
    form = form_of(staff_client.get(address).text)
    form |= {"title": "Embargo", "slug": "embargo", "go_live_at": day.strftime("%Y-%m-%d %H:%M")}
    assert staff_client.post(address, {**form, **PUBLISH}).status_code == 302
    assert not StandardPage.objects.get(slug="embargo").live


def test_a_draft_from_before_the_page_was_public_does_not_take_it_offline(
    home_page: HomePage,
) -> None:
    """A draft with a go-live time is approved after an earlier version was published."""
    page = factories.StandardPageFactory(parent=home_page, live=False, slug="page")
    first = page.save_revision()
    page.go_live_at = timezone.now() + timedelta(days=30)
    draft = page.save_revision()
    for revision in (first, draft):
        Revision.objects.get(pk=revision.pk).publish()
    assert StandardPage.objects.get(pk=page.pk).live


def test_the_first_edit_can_be_undone(staff_client: Client, old_page: StandardPage) -> None:
    edit(staff_client, old_page, title="As it is", **PUBLISH)
    history = reverse("wagtailadmin_pages:history", args=[old_page.pk])
    assert actions_in_history(staff_client, history) == [
        "Review this version",
        "Compare with current version",
    ]
    kept = PageLogEntry.objects.get(action="core.keep_version", page=old_page.pk).revision
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[old_page.pk, kept.pk])
    assert revert in staff_client.get(history).text
    html = staff_client.get(revert).text
    assert "the site itself" in html
    assert "by None" not in " ".join(html.split())
    staff_client.post(
        reverse("wagtailadmin_pages:edit", args=[old_page.pk]),
        {**form_of(html), "revision": str(kept.pk), **PUBLISH},
    )
    old_page.refresh_from_db()
    assert old_page.title == "As it was"


def test_an_import_can_be_compared_and_brought_back(staff_client: Client, superuser: User) -> None:
    """For a country that was written without a version, and for one that an import added."""
    old = factories.CountryFactory.create(iso3="KEN", iso2="KE", m49="404", name_en="Kenya")
    apply_import(
        content=table({"iso3": "KEN", "signed": "1999-08-12", "sources": "Depositary"}),
        name="wrong.csv",
        today=date(2026, 11, 22),
        user=superuser,
    )
    assert old.treaty_actions.count() == 1
    history = reverse("wagtailsnippets_record_country:history", args=[old.pk])
    html = staff_client.get(history).text
    assert "Compare with previous version" in html
    before = old.revisions.order_by("pk").first()
    revert = reverse("wagtailsnippets_record_country:revisions_revert", args=[old.pk, before.pk])
    assert revert in html
    form = form_of(staff_client.get(revert).text)
    staff_client.post(revert, {**form, **PUBLISH})
    assert old.treaty_actions.count() == 0


def test_a_country_that_an_import_brings_has_its_version(staff_client: Client, db: None) -> None:
    apply_import(content=table(KENYA), name="new.csv", today=date(2026, 11, 22))
    country = Country.objects.get(iso3="KEN")
    assert country.live_revision_id == country.latest_revision_id is not None
    history = reverse("wagtailsnippets_record_country:history", args=[country.pk])
    edit_link = reverse("wagtailsnippets_record_country:edit", args=[country.pk])
    assert f'href="{edit_link}"' in staff_client.get(history).text


def test_missing_versions_are_reported_and_saved(old_page: StandardPage) -> None:
    factories.CountryFactory.create()
    Page.objects.filter(live_revision=None).exclude(pk=old_page.pk).update(live=False)
    reported = check_versions(None, databases=["default"])
    assert [problem.id for problem in reported] == ["core.W003", "core.W003"]
    assert check_versions(None, databases=None) == []

    told = StringIO()
    call_command("keep_versions", "--dry-run", stdout=told)
    assert "2 versions. Nothing was written" in told.getvalue()
    assert len(check_versions(None, databases=["default"])) == 2
    call_command("keep_versions", stdout=told)
    assert check_versions(None, databases=["default"]) == []
    old_page.refresh_from_db()
    assert old_page.live_revision is not None
    assert old_page.live_revision.content["title"] == "As it was"
    call_command("keep_versions", stdout=told)
    assert "0 versions. Done." in told.getvalue()
