"""The site of a request and the roots of all sites, from the memory of the worker.

Both are set where Wagtail looks before it queries the cache or the database: private attributes of Wagtail 8, which
are named here alone. `tests/core/page_cache/test_site.py` fails when Wagtail no longer reads them.
"""

from collections.abc import Callable
from copy import deepcopy

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from wagtail.models import Site

from .memory import is_remembering, recall
from .middleware import cacheable_hosts


class SiteMiddleware:
    """Gives each request its site and site roots, which Wagtail would query two or three times a page.

    It comes last, so that only requests for a view need them, and only for our own few hosts.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.hosts = cacheable_hosts()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = request.get_host()
        if is_remembering() and host in self.hosts:
            language = get_language()
            site = recall(("site", host, language), lambda: _find_site(request))
            # A copy, because Django caches values on the site's front page, which would leak into other requests.
            use_site(request, deepcopy(site))
            use_site_roots(request)
        return self.get_response(request)


def _find_site(request: HttpRequest) -> Site | None:
    """Return the site with its front page in the visitor's language and of its own type: routing starts from it."""
    site: Site | None = Site.find_for_request(request)
    if site is not None:
        site.root_page = site.root_page.localized.specific
    return site


def use_site_roots(*targets: object) -> None:
    """Set the roots of all sites on pages, or on requests from which pages take their addresses.

    Without them Wagtail queries the shared cache for each page.
    """
    roots = recall("site root paths", Site.get_site_root_paths)
    for target in targets:
        target._wagtail_cached_site_root_paths = roots  # type: ignore[attr-defined]


def use_site(request: HttpRequest, site: Site | None) -> None:
    """Set the site that `Site.find_for_request` then returns for the request without a query."""
    request._wagtail_site = site  # type: ignore[attr-defined]
