"""Wagtail reads the private attributes that `core.page_cache.site` sets, which its next version may not do."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from wagtail.models import Site

from core.page_cache.site import use_site, use_site_roots
from home.models import HomePage


@pytest.fixture
def no_lookup(site_tree: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make Wagtail fail if it looks up roots or sites itself."""

    def fail(*_args: object, **_options: object) -> None:
        raise AssertionError("Wagtail looked it up.")

    use_site_roots(site_tree)
    monkeypatch.setattr(Site, "get_site_root_paths", fail)
    monkeypatch.setattr("wagtail.models.sites.get_site_for_hostname", fail)


def test_a_page_knows_the_roots(site_tree: HomePage, no_lookup: None) -> None:
    assert site_tree.url == "/"
    assert site_tree.get_url_parts()[2] == "/"


def test_a_request_knows_the_roots(site_tree: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    request = SimpleNamespace()
    use_site_roots(request)
    monkeypatch.setattr(Site, "get_site_root_paths", lambda: pytest.fail("Wagtail looked it up."))
    page = HomePage.objects.get(pk=site_tree.pk)
    assert page.get_url_parts(request)[2] == "/"


def test_a_request_knows_the_site(no_lookup: None) -> None:
    site = Site.objects.get()
    request = RequestFactory().get("/")
    use_site(request, site)
    assert Site.find_for_request(request) is site
