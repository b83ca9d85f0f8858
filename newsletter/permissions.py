"""Permissions of staff on subscribers and mailings."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.permission_policies import ModelPermissionPolicy

VIEW_SUBSCRIBERS = "newsletter.view_subscriber"
EXPORT_SUBSCRIBERS = "newsletter.export_subscriber"
IMPORT_SUBSCRIBERS = "newsletter.import_subscriber"
MANAGE = "newsletter.manage_subscriber"
SEND = "newsletter.send_mailing"
VIEW_MAILINGS = "newsletter.view_mailing"


class ViewOnlyPolicy(ModelPermissionPolicy):
    """Lets users with the view permission view; nobody, superusers included, may add, edit or delete."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and bool(super().user_has_permission(user, action))


def may_view_mailings(user: Any) -> bool:
    return bool(user.has_perm(SEND) or user.has_perm(VIEW_MAILINGS))


def may_count_subscribers(user: Any) -> bool:
    """Return whether the user may see the size of an audience."""
    return bool(user.has_perm(VIEW_SUBSCRIBERS) or user.has_perm(SEND))


class SendersOnly:
    """View mixin: POST needs the permission to send. The URL of the view decides who may GET."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.has_perm(SEND):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response
