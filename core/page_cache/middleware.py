"""Serves kept pages before any other middleware runs."""

import logging
import time
from collections.abc import Callable
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.database.breaker import breaker

from .cached_page import CachedPage, compress, is_of_nobody, is_shareable
from .memory import WorkerMemory, lacks_part, remembering

logger = logging.getLogger(__name__)

SECONDS_A_DAY = 86_400
# Parameters of links in mails and advertisements. No page reads them, and every value would be cached separately.
CAMPAIGN_PARAMETERS = frozenset(
    {
        "fbclid",
        "gclid",
        "mc_cid",
        "mc_eid",
        "msclkid",
        "utm_campaign",
        "utm_content",
        "utm_id",
        "utm_medium",
        "utm_source",
        "utm_term",
    }
)


class Key(NamedTuple):
    """The key of a page. It includes the day, because the record changes at midnight UTC without a commit."""

    day: int
    scheme: str
    host: str
    path: str


class PageCacheMiddleware:
    """Comes first, so that a kept page costs neither a query nor other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.PAGE_CACHE_MAX_BYTES:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.memory = WorkerMemory(max_bytes=settings.PAGE_CACHE_MAX_BYTES)
        self.store = self.memory.pages
        self.listener = self.memory.listener
        self.hosts = cacheable_hosts()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if getattr(request, "is_dummy", False):
            # A preview, for which Wagtail builds a middleware chain of its own.
            return self.get_response(request)
        if not _is_public(request):
            return self.get_response(request)
        with remembering(self.memory):
            response = self._answer(request)
        if request.method == "GET" and is_of_nobody(response):
            # Responses that are not kept: with a query string, errors, and those before the listener is ready.
            compress(cast("HttpResponse", response), request)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        key = self._key(request)
        if key is None:
            return self.get_response(request)
        is_listening = self.listener.is_listening()
        # Read before any data, so that a change during rendering is noticed afterwards.
        generation = self.store.generation
        if is_listening and (page := self.store.get(key)):
            return page.response_to(request)
        if breaker.is_open and (stale := self._last_resort(key, request)):
            return stale
        response = self.get_response(request)
        if response.status_code >= 500 and not is_listening:
            return self._last_resort(key, request) or response
        is_whole = is_shareable(response) and not lacks_part()
        if is_listening and request.method == "GET" and is_whole:
            page = CachedPage.of(cast("HttpResponse", response))
            # The page may contain its own address, with parameters of a campaign.
            if not request.META.get("QUERY_STRING"):
                self.store.put(key, page, generation=generation)
            return page.response_to(request)
        return response

    def _key(self, request: HttpRequest) -> Key | None:
        """Return the key of the page, or None for an address that is not kept."""
        if not _names_one_page(request.META.get("QUERY_STRING", "")):
            return None
        try:
            host = request.get_host()
        except DisallowedHost:
            return None
        if host not in self.hosts:
            return None
        return Key(int(time.time() // SECONDS_A_DAY), request.scheme or "", host, request.path)

    def _last_resort(self, key: Key, request: HttpRequest) -> HttpResponse | None:
        """Return the page kept from before the outage of the database, or None."""
        page = self.store.get(key) or self.store.get(key._replace(day=key.day - 1))
        if page is None:
            return None
        logger.info("page_cache.served_stale", extra={"address": key.path})
        return page.response_to(request)


def _is_public(request: HttpRequest) -> bool:
    """Return whether the request has no session (of staff) and no credentials."""
    return (
        request.method in {"GET", "HEAD"}
        and not ("HTTP_COOKIE" in request.META and settings.SESSION_COOKIE_NAME in request.COOKIES)
        and "HTTP_AUTHORIZATION" not in request.META
    )


def _names_one_page(query: str) -> bool:
    """Return whether the address means the same page without its query string."""
    return not query or all(
        part.partition("=")[0] in CAMPAIGN_PARAMETERS for part in query.split("&")
    )


def cacheable_hosts() -> frozenset[str]:
    """Return the host names under which pages are kept, with the port of `SITE_URL`.

    `ALLOWED_HOSTS` allows every port, and with a wildcard every name: clients could make the worker keep a page any
    number of times.
    """
    site = urlsplit(settings.SITE_URL)
    port = f":{site.port}" if site.port else ""
    names = {name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))}
    return frozenset({site.netloc} | {f"{name}{port}" for name in names} | names)
