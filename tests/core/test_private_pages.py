"""A private page is private in every language, as an alias and as a copy. Redirects reveal public pages only."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction

from home.models import HomePage, StandardPage
from tests import factories


@pytest.fixture
def page(home_page: HomePage) -> StandardPage:
    page: StandardPage = factories.StandardPageFactory.create(parent=home_page, slug="minutes")
    return page


@pytest.fixture
def french(page: StandardPage) -> Page:
    copy: Page = page.copy_for_translation(
        Locale.objects.get(language_code="fr"), copy_parents=True
    )
    copy.get_ancestors(inclusive=True).filter(depth__gt=1).update(live=True)
    copy.refresh_from_db()
    return copy


def set_privacy(client: Client, page: Page, **values: object) -> None:
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    assert client.post(address, values).json()["step"] == "set_privacy_done"


def copy_form(parent: Page, **values: str) -> dict[str, str]:
    return {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": str(parent.pk),
        **values,
    }


def is_public(page: Page) -> bool:
    return Page.objects.public().filter(pk=page.pk).exists()


def test_a_restriction_holds_in_every_language_and_for_aliases(
    staff_client: Client, page: StandardPage, french: Page, home_page: HomePage
) -> None:
    alias = page.create_alias(parent=home_page, update_slug="alias")
    group = Group.objects.create(name="Members")
    set_privacy(staff_client, page, restriction_type="groups", groups=[group.pk])
    visitor = Client()
    for counterpart in (page, french, alias):
        assert not is_public(counterpart)
        restriction = PageViewRestriction.objects.get(page=counterpart)
        assert list(restriction.groups.all()) == [group]
        assert visitor.get(counterpart.url).status_code == 302

    set_privacy(staff_client, french, restriction_type="password", password="open sesame")
    for counterpart in (page, french, alias):
        assert PageViewRestriction.objects.get(page=counterpart).password == "open sesame"
    set_privacy(staff_client, page, restriction_type="none")
    for counterpart in (page, french, alias):
        assert is_public(counterpart)


def test_a_restriction_stays_if_another_language_is_deleted(
    page: StandardPage, french: Page
) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    page.delete()
    assert not is_public(french)


def test_a_translation_that_is_made_later_is_private_too(page: StandardPage) -> None:
    group = Group.objects.create(name="Members")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
    restriction.groups.set([group])
    copy = page.copy_for_translation(Locale.objects.get(language_code="es"), copy_parents=True)
    assert not is_public(copy)
    assert list(PageViewRestriction.objects.get(page=copy).groups.all()) == [group]
    assert list(restriction.groups.all()) == [group]


def test_copies_are_private_too(
    staff_client: Client, page: StandardPage, home_page: HomePage
) -> None:
    """Copies of a child, whose restriction Wagtail forgets, and of a page that is private because of its parent."""
    child = factories.StandardPageFactory(parent=page, slug="secret")
    PageViewRestriction.objects.create(page=child, restriction_type="login")
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])
    form = copy_form(home_page, copy_subpages="on")
    refused = staff_client.post(address, {**form, "publish_copies": "on"})
    assert "copied as a draft" in refused.text
    assert not Page.objects.filter(slug="copy").exists()
    assert staff_client.post(address, form).status_code == 302
    copy = Page.objects.get(slug="copy")
    assert is_public(copy)
    assert not is_public(copy.get_children().get())

    PageViewRestriction.objects.all().delete()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    address = reverse("wagtailadmin_pages:copy", args=[child.pk])
    form = copy_form(home_page, new_slug="other")
    refused = staff_client.post(address, {**form, "alias": "on"})
    assert "An alias elsewhere would be public" in refused.text
    assert staff_client.post(address, form).status_code == 302
    assert not is_public(Page.objects.get(slug="other"))


def test_a_copy_of_a_scheduled_page_is_not_public(
    staff_client: Client, page: StandardPage, home_page: HomePage
) -> None:
    """Neither immediately nor at the original's time: somebody has to publish it."""
    page.unpublish()
    page = StandardPage.objects.get(pk=page.pk)
    hour = timezone.now() + timedelta(days=7)
    page.go_live_at = hour
    page.save_revision().publish()
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])
    assert staff_client.post(address, copy_form(home_page, publish_copies="on")).status_code == 302
    copy = Page.objects.get(slug="copy")
    with patch.object(timezone, "now", lambda: hour + timedelta(minutes=1)):
        call_command("publish_scheduled")
    page.refresh_from_db()
    copy.refresh_from_db()
    assert (page.live, copy.live) == (True, False)


def test_a_draft_whose_title_is_typed_slowly_makes_no_redirects(home_page: HomePage) -> None:
    page = factories.StandardPageFactory(parent=home_page, slug="t", live=False)
    for slug in ("th", "the", "the-court"):
        page.slug = slug
        page.save()
    page.save_revision().publish()
    assert not Redirect.objects.exists()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: object) -> object:
    return django_capture_on_commit_callbacks


def test_a_public_page_and_what_is_public_below_it_keep_their_addresses(
    page: StandardPage, committed: object
) -> None:
    factories.StandardPageFactory(parent=page, slug="public")
    page = StandardPage.objects.get(pk=page.pk)
    with committed(execute=True):  # type: ignore[operator]
        page.slug = "records"
        page.save()
    assert set(Redirect.objects.values_list("old_path", flat=True)) == {
        "/minutes",
        "/minutes/public",
    }
