"""The site of a request and its addresses, from the memory of the worker."""

from collections.abc import Callable
from copy import deepcopy

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from wagtail.models import Site

from core.site_roots import use_site, use_site_roots

from .memory import is_remembering, recall
from .middleware import cacheable_hosts


class SiteMiddleware:
    """Puts both where Wagtail looks before it asks the database, as it does two or three times a page.

    Last of the middleware, so that only requests for a view ask, and only for our own hosts, which are few.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.hosts = cacheable_hosts()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = request.get_host()
        if is_remembering() and host in self.hosts:
            language = get_language()
            site = recall(("site", host, language), lambda: _find_site(request))
            # A copy: a request may change the site's front page, by what Django keeps on it.
            use_site(request, deepcopy(site))
            use_site_roots(request)
        return self.get_response(request)


def _find_site(request: HttpRequest) -> Site | None:
    """The site with its front page in the visitor's language, of its own type: every page is looked up from there."""
    site: Site | None = Site.find_for_request(request)
    if site is not None:
        site.root_page = site.root_page.localized.specific
    return site
