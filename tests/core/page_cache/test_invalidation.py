"""A change to anything on a page is visible at once, and only such changes empty the cache."""

import logging
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site

from core.models import SiteSettings, User
from core.page_cache.listener import APPLICATION_NAME
from core.page_cache.middleware import PageCacheMiddleware
from home.models import HomePage
from regions.models import KeyFact, RegionPage
from tests import factories

from .conftest import eventually


def _dropped(cache: PageCacheMiddleware, act: Callable[[], object]) -> bool:
    """Return whether `act` dropped the cache. Waits until earlier notifications have arrived."""
    generation = cache.store.generation
    act()
    return eventually(lambda: cache.store.generation > generation, seconds=0.4)


def test_publishing_shows_the_new_text_within_a_second(
    visitor: Client, cache: PageCacheMiddleware, home: HomePage
) -> None:
    assert "Words of today" not in visitor.get("/").text
    home.title = "Words of today"
    home.save_revision().publish()
    assert eventually(lambda: "Words of today" in visitor.get("/").text, seconds=1.0)


@pytest.mark.parametrize("query", ["", "?uncached"])
def test_a_restricted_page_is_shown_to_no_visitor_within_a_second(
    visitor: Client, cache: PageCacheMiddleware, home: HomePage, query: str
) -> None:
    region = RegionPage.objects.descendant_of(home).get()
    path = region.url + query
    assert visitor.get(path).status_code == 200
    PageViewRestriction.objects.create(page=region, restriction_type=PageViewRestriction.LOGIN)
    assert eventually(lambda: visitor.get(path).status_code == 302, seconds=1.0)


def test_the_old_address_of_a_page_leads_to_its_new_one_within_a_second(
    visitor: Client, cache: PageCacheMiddleware, home: HomePage
) -> None:
    region = RegionPage.objects.descendant_of(home).get()
    old = f"{region.url}?uncached"
    assert visitor.get(old).status_code == 200
    region.slug = "another-address"
    region.save_revision().publish()
    assert eventually(lambda: visitor.get(old).status_code == 301, seconds=1.0)
    assert visitor.get(old, follow=True).status_code == 200


def _publish(home: HomePage) -> None:
    home.title = "Published"
    home.save_revision().publish()


def _unpublish(home: HomePage) -> None:
    RegionPage.objects.descendant_of(home).get().unpublish()


def _move(home: HomePage) -> None:
    page = factories.StandardPageFactory.create(parent=home)
    page.move(home, pos="first-child")


def _delete(home: HomePage) -> None:
    Page.objects.get(pk=RegionPage.objects.descendant_of(home).get().pk).delete()


def _edit_key_fact(home: HomePage) -> None:
    region = RegionPage.objects.descendant_of(home).get()
    fact = region.key_facts.get()
    fact.value += 1
    region.key_facts = [fact]
    region.save_revision().publish()


def _update_in_bulk(home: HomePage) -> None:
    KeyFact.objects.filter(page__path__startswith=home.path).update(value=31)


def _save_settings(home: HomePage) -> None:
    settings = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.notice = "The Assembly of States Parties has begun."
    settings.save()
    settings.delete()


def _save_redirect(home: HomePage) -> None:
    Redirect.objects.create(old_path="/old", redirect_link="/").delete()


def _save_locale(home: HomePage) -> None:
    Locale.objects.filter(language_code="fr").update(language_code="fr-ca")
    Locale.objects.filter(language_code="fr-ca").update(language_code="fr")


def _save_image(home: HomePage) -> None:
    image = factories.ImageFactory.create()
    image.title = "Another title"
    image.save()
    image.delete()


@pytest.mark.parametrize(
    "act",
    [
        _publish,
        _unpublish,
        _move,
        _delete,
        _edit_key_fact,
        _update_in_bulk,
        _save_settings,
        _save_redirect,
        _save_locale,
        _save_image,
    ],
)
def test_changes_of_shown_tables_drop_the_cache(
    cache: PageCacheMiddleware, home: HomePage, act: Callable[[HomePage], None]
) -> None:
    assert _dropped(cache, lambda: act(home))


def test_a_draft_changes_nothing(cache: PageCacheMiddleware, home: HomePage) -> None:
    def save_draft() -> None:
        home.title = "Not yet"
        home.save_revision()

    assert not _dropped(cache, save_draft)


def test_a_page_that_is_not_live_can_be_written_without_dropping_the_cache(
    cache: PageCacheMiddleware, region: RegionPage
) -> None:
    region.unpublish()
    region = RegionPage.objects.get(pk=region.pk)
    eventually(lambda: False, seconds=0.2)

    def write() -> None:
        region.introduction = "<p>Still being written.</p>"
        region.save()
        region.key_facts.update(value=2)

    assert not _dropped(cache, write)
    assert _dropped(cache, region.save_revision().publish)


def test_changes_of_other_tables_do_not_drop_the_cache(cache: PageCacheMiddleware) -> None:
    user = User(username="somebody")
    assert not _dropped(cache, user.save)
    user.delete()


def test_a_rollback_sends_no_notification(cache: PageCacheMiddleware, home: HomePage) -> None:
    def roll_back() -> None:
        with transaction.atomic():
            home.title = "Taken back"
            home.save_revision().publish()
            transaction.set_rollback(True)

    assert not _dropped(cache, roll_back)


def test_a_page_rendered_before_the_commit_does_not_survive_it(
    visitor: Client, cache: PageCacheMiddleware, home: HomePage
) -> None:
    render = cache.get_response

    def render_slowly(request: object) -> object:
        """Read the old state. The change is committed and notified before the response is cached."""
        response = render(request)  # type: ignore[arg-type]
        generation = cache.store.generation
        home.title = "Words of today"
        home.save_revision().publish()
        assert eventually(lambda: cache.store.generation > generation)
        return response

    cache.get_response = render_slowly  # type: ignore[assignment]
    assert "Words of today" not in visitor.get("/").text
    cache.get_response = render
    assert "Words of today" in visitor.get("/").text


def _cut_off_listener() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = %s AND datname = current_database()",
            [APPLICATION_NAME],
        )


def test_a_worker_that_lost_its_connection_serves_no_old_page_and_recovers(
    visitor: Client, cache: PageCacheMiddleware, home: HomePage
) -> None:
    visitor.get("/")
    _cut_off_listener()
    assert eventually(lambda: not cache.listener.is_listening())
    home.title = "Told to nobody"
    home.save_revision().publish()
    assert "Told to nobody" in visitor.get("/").text
    assert eventually(cache.listener.is_listening)
    assert len(cache.store) == 0
    assert "Told to nobody" in visitor.get("/").text


def test_a_connection_that_hangs_is_trusted_only_as_long_as_the_lease(
    visitor: Client, cache: PageCacheMiddleware, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.page_cache.listener.LEASE", 0.2)
    monkeypatch.setattr("core.page_cache.listener.HEARTBEAT", 2.0)
    assert eventually(lambda: not cache.listener.is_listening(), seconds=1.0)


def test_a_cached_page_is_served_while_the_database_is_gone(
    visitor: Client,
    cache: PageCacheMiddleware,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    held = visitor.get("/")
    monkeypatch.setattr(cache.listener, "is_listening", lambda: False)
    visitor.raise_request_exception = False

    def fail(*args: object, **kwargs: object) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr("wagtail.models.Site.find_for_request", fail)
    with caplog.at_level(logging.INFO):
        response = visitor.get("/")
    assert response.status_code == 200
    assert response.content == held.content
    assert "page_cache.served_stale" in caplog.messages
    assert visitor.get("/where-we-work/").status_code == 503
