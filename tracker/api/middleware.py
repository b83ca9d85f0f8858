"""Middleware for every response under `/api/`."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.page_cache.cached_page import CachedPage, is_shareable
from core.page_cache.memory import is_remembering

from . import problems

PREFIX = "/api/"
METHODS = "GET, HEAD, OPTIONS"
# Any site may read the record, because no response depends on the user. Decision 5 says why these do not come from
# django-cors-headers.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Record-Version",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": METHODS,
}


class ApiMiddleware:
    """Opens the API to all sites, refuses writes, and turns every error page into a problem (RFC 9457).

    It comes after the page cache, which keeps addresses without a query string, and the security headers, but before
    everything that could fail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = self._answer(request)
        for name, value in CROSS_ORIGIN.items():
            response.headers[name] = value
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT)
        if request.method not in {"GET", "HEAD"}:
            response: HttpResponseBase = problems.response_of(problems.METHOD_NOT_ALLOWED)
            response.headers["Allow"] = METHODS
            return response
        response = self._get(request)
        if response.status_code >= 400 and not problems.is_problem(response):
            return problems.response_of_status(response.status_code)
        if isinstance(response, HttpResponse) and not _is_kept(request) and is_shareable(response):
            # Tag and compress responses that the page cache does not keep, as it does with its own.
            return CachedPage.of(response).response_to(request)
        return response

    def _get(self, request: HttpRequest) -> HttpResponseBase:
        """Handle HEAD as GET, because the length and tag in the headers need the body."""
        method, request.method = request.method, "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = method


def _is_kept(request: HttpRequest) -> bool:
    """Return whether the page cache keeps the response."""
    is_plain = request.method == "GET" and not request.META.get("QUERY_STRING")
    return is_remembering() and is_plain
