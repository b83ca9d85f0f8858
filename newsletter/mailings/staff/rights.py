"""Who of the staff may do what with mailings."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from newsletter.permissions import LOOK, SEND


def may_look(user: Any) -> bool:
    """Whether the user may see how mailings go."""
    return bool(user.has_perm(SEND) or user.has_perm(LOOK))


class SendersOnly:
    """Shows a view to all who may look, and lets only those who may send do something with it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.has_perm(SEND):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response
