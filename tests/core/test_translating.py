"""Translations begin as drafts, need permission to publish, and keep the page tree consistent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from wagtail.models import Locale, Page, Revision
from wagtail_localize.models import Translation

from core.models import User
from core.page_tree import check_trees
from core.translations import views
from home.models import HomePage, StandardPage
from record.choices import Region
from regions.models import RegionPage
from regions.services import create_missing_country_pages
from tests import factories
from tests.jobs import RunJobs, jobs_in_this_transaction

Commit = Callable[..., Any]
Send = Callable[..., Any]


@pytest.fixture
def french(db: None) -> Locale:
    return Locale.objects.get(language_code="fr")


@pytest.fixture
def send(client: Client, django_capture_on_commit_callbacks: Commit) -> Send:
    """Post a form of the admin, and run the callbacks that wait for the commit, but no jobs."""

    def send(address: str, data: dict[str, Any]) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data)

    return send


def person(group: str | None) -> User:
    """Create a superuser, or a member of one of Wagtail's own groups who may submit translations."""
    if group is None:
        return factories.SuperuserFactory.create()
    user: User = factories.UserFactory.create()
    user.groups.add(Group.objects.get(name=group))
    user.user_permissions.add(Permission.objects.get(codename="submit_translation"))
    return user


def submit(send: Send, page: Page, *locales: Locale, with_subpages: bool = False) -> Any:
    return send(
        reverse("wagtail_localize:submit_page_translation", args=[page.pk]),
        {
            "locales": [locale.pk for locale in locales],
            "include_subtree": "on" if with_subpages else "",
        },
    )


def synchronise(send: Send, page: Page) -> Any:
    """Choose "Sync translated pages" and "Publish immediately"."""
    source = Translation.objects.filter(source__object_id=page.translation_key).first().source
    return send(
        reverse("wagtail_localize:update_translations", args=[source.pk]),
        {"publish_translations": "on"},
    )


def publish(send: Send, page: Page) -> Any:
    """Press "Publish" in the editor of a translation."""
    return send(reverse("wagtailadmin_pages:edit", args=[page.pk]), {"action": "publish"})


def assert_sound() -> None:
    assert [found for found in Page.find_problems() if found] == []


@pytest.mark.parametrize("group", ["Editors", "Moderators", None])
def test_a_translation_begins_as_a_draft_for_every_user(
    client: Client, send: Send, site_tree: HomePage, french: Locale, group: str | None
) -> None:
    """Its parents are not translated either: they become drafts to be translated, not aliases."""
    factories.StandardPageFactory(parent=site_tree, slug="old")
    europe = RegionPage.objects.get(region="europe")
    client.force_login(person(group))
    assert submit(send, europe, french).status_code == 302
    pages = Page.objects.filter(locale=french)
    assert set(pages.values_list("live", "alias_of")) == {(False, None)}
    assert set(pages.values_list("translation_key", flat=True)) == set(
        europe.get_ancestors(inclusive=True)
        .filter(depth__gt=1)
        .values_list("translation_key", flat=True)
    )
    assert Translation.objects.filter(target_locale=french).count() == pages.count() == 3
    assert_sound()


def test_visitors_see_nothing_of_a_translation_that_is_not_published(
    client: Client, send: Send, run_jobs: RunJobs, site_tree: HomePage, french: Locale
) -> None:
    client.force_login(person(None))
    submit(send, site_tree, french, with_subpages=True)
    run_jobs()
    client.logout()
    assert Page.objects.filter(locale=french).count() == 17
    assert client.get("/fr/")["Location"] == "/"
    html = client.get("/").text
    assert 'hreflang="fr"' not in html
    assert '<a class="languages__link"' not in html
    assert "/fr/" not in client.get("/sitemap.xml").text
    assert "Europe" in client.get("/search/?q=Europe").text
    assert "/fr/where-we-work/europe/" not in client.get("/search/?q=Europe").text


def test_only_those_who_may_publish_a_translation_do(
    client: Client, send: Send, site_tree: HomePage, french: Locale
) -> None:
    client.force_login(person("Editors"))
    submit(send, site_tree, french)
    copy = site_tree.get_translation(french)
    assert publish(send, copy).status_code == 302  # Wagtail redirects if the user lacks permission.
    assert synchronise(send, site_tree).status_code == 302
    address = reverse("wagtail_localize:convert_to_alias", args=[copy.pk])
    assert send(address, {}).status_code == 302
    copy.refresh_from_db()
    assert (copy.live, copy.alias_of_id) == (False, None)

    client.force_login(person("Moderators"))
    synchronise(send, site_tree)
    copy.refresh_from_db()
    assert not copy.live  # A draft is published from its own editor.
    publish(send, copy)
    copy.refresh_from_db()
    assert copy.live

    HomePage.objects.filter(pk=site_tree.pk).update(headline="What is new")
    client.force_login(person("Editors"))
    synchronise(send, site_tree)
    assert HomePage.objects.get(pk=copy.pk).headline != "What is new"
    client.force_login(person("Moderators"))
    synchronise(send, site_tree)
    assert HomePage.objects.get(pk=copy.pk).headline == "What is new"


def test_users_who_may_not_edit_a_page_cannot_translate_it(
    client: Client, send: Send, site_tree: HomePage, french: Locale
) -> None:
    outsider = person("Editors")
    outsider.groups.clear()
    outsider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(outsider)
    submit(send, site_tree, french)
    assert not Page.objects.filter(locale=french).exists()


def test_the_views_that_check_permissions_come_before_those_of_the_library(db: None) -> None:
    """Fails if an upgrade moves the library's addresses, which would expose its own views."""
    for name, view in (
        ("submit_page_translation", views.SubmitPageTranslation),
        ("update_translations", views.UpdateTranslations),
    ):
        found = resolve(reverse(f"wagtail_localize:{name}", args=[1])).func
        assert getattr(found, "view_class", None) is view
    found = resolve(reverse("wagtail_localize:convert_to_alias", args=[1])).func
    assert found.__module__ == views.__name__


def test_no_language_offers_to_take_its_pages_from_another(
    staff_client: Client, french: Locale
) -> None:
    form = staff_client.get(reverse("wagtaillocales:edit", args=[french.pk])).text
    assert 'name="language_code"' in form
    assert "sync_from" not in form


def test_aliases_of_a_scheduled_page_wait_with_it(home_page: HomePage) -> None:
    page = factories.StandardPageFactory(parent=home_page, live=False)
    alias = page.create_alias(parent=home_page, update_slug="alias")
    page.go_live_at = timezone.now() + timedelta(days=7)
    page.save_revision().publish()
    assert not Page.objects.filter(pk__in=[page.pk, alias.pk], live=True).exists()

    page = StandardPage.objects.get(pk=page.pk)
    page.go_live_at = None
    page.save_revision().publish()
    assert Page.objects.filter(pk__in=[page.pk, alias.pk], live=True).count() == 2


def test_a_request_translates_one_page_and_the_worker_those_below_it(
    client: Client, send: Send, run_jobs: RunJobs, site_tree: HomePage, french: Locale
) -> None:
    """Hundreds of pages take minutes, and the proxy in front waits for only one."""
    client.force_login(person("Editors"))
    html = client.get(submit(send, site_tree, french, with_subpages=True)["Location"]).text
    assert Page.objects.filter(locale=french).count() == 1
    assert "The 16 pages below it follow within minutes" in html
    assert run_jobs() == 16
    assert Page.objects.filter(locale=french, live=False).count() == 17
    assert_sound()


def test_a_page_with_none_below_leaves_nothing_to_jobs(
    client: Client, send: Send, run_jobs: RunJobs, site_tree: HomePage, french: Locale
) -> None:
    page = factories.StandardPageFactory(parent=site_tree)
    client.force_login(person(None))
    html = client.get(submit(send, page, french, with_subpages=True)["Location"]).text
    assert run_jobs() == 0
    assert "below it" not in html


def test_jobs_that_are_done_again_change_no_page(
    client: Client, send: Send, run_jobs: RunJobs, site_tree: HomePage, french: Locale
) -> None:
    client.force_login(person(None))
    submit(send, site_tree, french, with_subpages=True)
    run_jobs()
    revisions = Revision.objects.count()
    assert jobs_in_this_transaction()() == 16
    assert Revision.objects.count() == revisions
    assert_sound()


def test_jobs_leave_out_pages_that_are_gone(
    client: Client, send: Send, run_jobs: RunJobs, site_tree: HomePage, french: Locale
) -> None:
    page = factories.StandardPageFactory(parent=site_tree)
    client.force_login(person(None))
    submit(send, site_tree, french, with_subpages=True)
    page.delete()
    run_jobs()
    assert Page.objects.filter(locale=french).count() == 17


def test_a_page_below_that_is_translated_already_stays_as_it_is(
    client: Client, send: Send, run_jobs: RunJobs, site_tree: HomePage, french: Locale
) -> None:
    """It may be an original in its own language, and public."""
    section, page = factories.StandardPageFactory.create_batch(2, parent=site_tree)
    site_tree.copy_for_translation(french)
    copy = page.copy_for_translation(french)
    copy.title = "À propos"
    copy.save_revision().publish()
    page.move(section, pos="last-child")
    client.force_login(person("Editors"))
    submit(send, section, french, with_subpages=True)
    assert run_jobs() == 1
    revision = copy.latest_revision_id
    copy.refresh_from_db()
    assert (copy.title, copy.live, copy.latest_revision_id) == ("À propos", True, revision)
    assert_sound()


def test_translating_publishing_moving_and_deleting_leave_the_tree_sound(
    client: Client, send: Send, run_jobs: RunJobs, site_tree: HomePage, french: Locale
) -> None:
    factories.StandardPageFactory(parent=site_tree, slug="about")
    for number in range(3):
        factories.CountryFactory.create(region=Region.AFRICA, name_en=f"State {number}")
    create_missing_country_pages(locale=site_tree.locale)
    languages = Locale.objects.exclude(pk=site_tree.locale_id)
    assert languages.count() == 3
    client.force_login(person("Moderators"))
    submit(send, site_tree, *languages, with_subpages=True)
    run_jobs()
    assert_sound()
    english = site_tree.get_descendants(inclusive=True)
    assert Page.objects.filter(locale=french).count() == english.count() == 21

    # Parents first, without delay: each is published from a copy that is older than its children.
    for copy in Page.objects.filter(locale=french).order_by("path"):
        publish(send, copy)
    assert_sound()
    assert Page.objects.filter(locale=french, live=True).count() == 21

    home = site_tree.get_translation(french)
    added = reverse("wagtailadmin_pages:add", args=["home", "standardpage", home.pk])
    form = {"title": "Nouvelle", "slug": "nouvelle", "summary": "", "body-count": "0"}
    form |= {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    assert send(added, form).status_code == 302
    new = StandardPage.objects.get(slug="nouvelle", locale=french)
    assert_sound()
    about = Page.objects.get(slug="about", locale=french)
    move = reverse("wagtailadmin_pages:move_confirm", args=[new.pk, about.pk])
    send(move, {})
    assert StandardPage.objects.get(pk=new.pk).get_parent() == about
    assert_sound()
    synchronise(send, site_tree)
    assert_sound()
    for page in (new, about):  # Deleting pages with descendants needs a further permission.
        send(reverse("wagtailadmin_pages:delete", args=[page.pk]), {})
    assert not Page.objects.filter(pk__in=[about.pk, new.pk]).exists()
    assert_sound()


def test_an_old_copy_of_a_page_does_not_write_back_its_place(home_page: HomePage) -> None:
    """Whether all its fields are saved, it is published from an earlier revision, or it is unpublished."""
    section = factories.StandardPageFactory(parent=home_page, slug="section")
    old = StandardPage.objects.get(pk=section.pk)
    revision = old.save_revision()
    plain = Page.objects.get(pk=section.pk)
    factories.StandardPageFactory(parent=section, slug="first")
    old.save()
    assert_sound()
    revision.publish()
    assert_sound()
    plain.unpublish()
    assert_sound()
    factories.StandardPageFactory(parent=StandardPage.objects.get(pk=section.pk), slug="second")
    assert StandardPage.objects.get(pk=section.pk).numchild == 2


def test_check_reports_a_tree_that_does_not_hold(home_page: HomePage, site_tree: HomePage) -> None:
    assert check_trees(app_configs=None, databases=["default"]) == []
    Page.objects.filter(pk=home_page.pk).update(numchild=0)
    (problem,) = check_trees(app_configs=None, databases=["default"])
    assert problem.id == "core.E002"
    assert str(home_page.pk) in str(problem.hint)
    assert check_trees(app_configs=None, databases=None) == []
    call_command("fixtree", interactive=False, verbosity=0)
    assert check_trees(app_configs=None, databases=["default"]) == []
