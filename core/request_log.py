"""One line for each request: what was asked for, what it got, how long it took. Nothing about who asked."""

import logging
from collections.abc import Callable
from time import perf_counter

from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger(__name__)

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = perf_counter()
        response = self.get_response(request)
        if logger.isEnabledFor(logging.INFO):
            logger.info(
                "request",
                extra={
                    "method": request.method if request.method in METHODS else "OTHER",
                    "address": _address(request, response),
                    "status": response.status_code,
                    "milliseconds": round((perf_counter() - began) * 1_000, 1),
                },
            )
        return response


def _address(request: HttpRequest, response: HttpResponseBase) -> str:
    """The pattern of the address, so that no token is logged, or the address of a page that exists.

    What a stranger typed and nothing answers to could be anything, a mail address included.
    """
    match = request.resolver_match
    if match is not None and match.view_name != "wagtail_serve":
        return match.route
    return request.path if response.status_code in {200, 304} else ""
