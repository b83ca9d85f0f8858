"""Wagtail's views for the shared passwords of pages and documents, with a limit on guesses."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from wagtail.documents.views.serve import authenticate_with_password as open_documents
from wagtail.views import authenticate_with_password as open_page

from .bot_protection import Limit, client_address

# Wrong passwords of one client for one page. A limit for all clients would let a stranger lock everybody out.
WRONG_PASSWORDS = Limit("shared-passwords", 10, 5 * 60)

View = Callable[..., HttpResponseBase]


def _limited(view: View, *, restriction: str) -> View:
    """Wrap a view to refuse a client after too many guesses. `restriction` names the argument with the id."""

    @wraps(view)
    def limited(request: HttpRequest, **kwargs: int) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, **kwargs)
        subject = f"{restriction} {kwargs[restriction]} {client_address(request)}"
        if WRONG_PASSWORDS.is_used_up(subject):
            refusal = render(
                request, "core/too_many_passwords.html", status=HTTPStatus.TOO_MANY_REQUESTS
            )
            refusal["Retry-After"] = str(WRONG_PASSWORDS.retry_after)
            return refusal
        response = view(request, **kwargs)
        if response.status_code == HTTPStatus.OK:  # The form again; the right password redirects.
            WRONG_PASSWORDS.allows(subject)
        return response

    return limited


password_for_page = _limited(open_page, restriction="page_view_restriction_id")
password_for_documents = _limited(open_documents, restriction="restriction_id")
