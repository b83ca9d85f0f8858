"""Helpers for views of public forms: the check of the origin, and responses to forms that are not accepted."""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django import db
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from procrastinate.exceptions import ProcrastinateException
from redis.exceptions import RedisError

from core.database.breaker import DatabaseUnavailableError

from .forms import ProtectedForm

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
View = Callable[..., HttpResponseBase]


def same_origin_only(view: View) -> View:
    """Reject forms that a page of another site sends, with 403 and an explanation. Replaces the CSRF token."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in SAFE_METHODS or comes_from_this_site(request):
            return view(request, *args, **kwargs)
        return render(request, "core/other_site.html", status=403)

    return guarded


def comes_from_this_site(request: HttpRequest) -> bool:
    """Return whether the headers show that a page of this site sent the request.

    `Sec-Fetch-Site` comes first: no script can set it, and it is right behind a proxy that changes the host. Next are
    `Origin`, which every current browser sends with a POST, and `Referer`. A request with none of the three comes from
    a program or through a proxy that removes them, not from a page of another site, and is accepted: these forms act
    for no session, so forging gains nothing, and the limits apply to it as to everyone.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # "none" is an action of the user, such as reloading the response to a form.
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        referer = request.headers.get("Referer")
        if not referer:
            return True
        origin = _origin_of(referer)
    return origin in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}


def _origin_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


logger = logging.getLogger(__name__)

# Raised when the database or the shared cache does not answer.
FAILURES = (db.Error, ProcrastinateException, RedisError)


def refused(
    request: HttpRequest,
    template: str,
    form: ProtectedForm,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Render the form again with its errors and all that was typed, with status 422, or 429 beyond a limit."""
    return _with_form(request, template, form, context or {}, status=form.refusal_status)


def failed(
    request: HttpRequest,
    template: str,
    failure: Exception,
    *,
    event: str,
    form: ProtectedForm | None = None,
) -> HttpResponse:
    """Log one of `FAILURES` and say with status 503 that nothing was stored. Pass the form if the template shows it."""
    _log(event, failure)
    return _with_form(request, template, form, {}, status=HTTPStatus.SERVICE_UNAVAILABLE)


def _with_form(
    request: HttpRequest,
    template: str,
    form: ProtectedForm | None,
    context: Mapping[str, Any],
    *,
    status: int,
) -> HttpResponse:
    response = render(request, template, {**context, "form": form}, status=status)
    # The response holds what one person typed.
    patch_cache_control(response, private=True, no_store=True)
    if form and form.exceeded_limit:
        response["Retry-After"] = str(form.exceeded_limit.retry_after)
    return response


def _log(event: str, failure: Exception) -> None:
    """Log that a form could not be stored, without the message of the error: the database quotes the row it refuses.

    During an outage this is a warning, since the circuit breaker has logged the error once for all forms.
    """
    is_outage = isinstance(failure, DatabaseUnavailableError)
    level = logging.WARNING if is_outage else logging.ERROR
    logger.log(level, event, extra={"error": type(failure).__name__})
