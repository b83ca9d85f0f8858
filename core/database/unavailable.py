"""The answer to visitors while the database is gone, locked or too slow."""

import sys
from http import HTTPStatus
from logging import Filter, LogRecord

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

RETRY_AFTER = 30  # seconds


def unavailable(request: HttpRequest) -> HttpResponse:
    """503 in the site's look. Whatever was sent with the request has not been stored."""
    return HttpResponse(
        render_to_string("503.html", {"was_sent": request.method == "POST"}),
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"},
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to an error that no view has handled: Django's `handler500`, which runs while it is handled."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return defaults.server_error(request)


class WithoutOutages(Filter):
    """Drop Django's error line of each request that was answered with 503.

    The breaker logs an outage once, and every request has its line with its status anyway.
    """

    def filter(self, record: LogRecord) -> bool:
        return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE
