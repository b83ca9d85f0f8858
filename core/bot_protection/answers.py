"""How a public form is answered that was not taken: because of what it says, or because the site could not store it."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django import db
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from procrastinate.exceptions import ProcrastinateException
from redis.exceptions import RedisError

from core.database.breaker import DatabaseUnavailableError

from .forms import ProtectedForm

logger = logging.getLogger(__name__)

# The database or the shared cache does not answer.
FAILURES = (db.Error, ProcrastinateException, RedisError)


def refused(
    request: HttpRequest,
    template: str,
    form: ProtectedForm,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form again with what is wrong and all that was typed: 422, or 429 beyond a limit."""
    return _with_form(request, template, form, context or {}, status=form.refusal_status)


def failed(
    request: HttpRequest,
    template: str,
    failure: Exception,
    *,
    event: str,
    form: ProtectedForm | None = None,
) -> HttpResponse:
    """Log one of `FAILURES`, and say that nothing was stored: 503. With the form, if the template shows it again."""
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
    # It holds what one person typed.
    patch_cache_control(response, private=True, no_store=True)
    if form and form.exceeded_limit:
        response["Retry-After"] = str(form.exceeded_limit.retry_after)
    return response


def _log(event: str, failure: Exception) -> None:
    """Log that a form could not be stored, without the words of the error: the database quotes the row it refuses.

    During an outage this is a warning. The circuit breaker has logged the error, however many forms are sent meanwhile.
    """
    is_outage = isinstance(failure, DatabaseUnavailableError)
    level = logging.WARNING if is_outage else logging.ERROR
    logger.log(level, event, extra={"error": type(failure).__name__})
