"""Where Wagtail looks for the site and its roots before it asks the cache or the database.

Both are private attributes of Wagtail 8, so they are named here alone; `tests/core/test_site_roots.py` fails when
Wagtail no longer reads them.
"""

from django.http import HttpRequest
from wagtail.models import Site

from .page_cache.memory import recall


def use_site_roots(*targets: object) -> None:
    """Give pages, or requests that pages are asked with, the roots of the sites, which the worker remembers.

    Without them Wagtail asks the shared cache for each page anew.
    """
    roots = recall("site root paths", Site.get_site_root_paths)
    for target in targets:
        target._wagtail_cached_site_root_paths = roots  # type: ignore[attr-defined]


def use_site(request: HttpRequest, site: Site | None) -> None:
    """Give a request the site that `Site.find_for_request` then returns, without a query."""
    request._wagtail_site = site  # type: ignore[attr-defined]
