"""How a public form is answered that was not taken: because of what it says, or because the site could not store it."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from core.database.failures import FAILURES, log_failure

from .forms import ProtectedForm

__all__ = ["FAILURES", "failed", "refused"]

logger = logging.getLogger(__name__)


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
    log_failure(logger, event, failure)
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
