"""Whether somebody is signed in, for forms that stay open longer than their session."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail import hooks

from . import second_factor
from .gate import ADMIN_ACCESS


@never_cache
@require_safe
def session_state(request: HttpRequest) -> JsonResponse:
    """Give the id of who may work in the admin now, or null, and the token that their forms need."""
    user = request.user
    may_enter = user.has_perm(ADMIN_ACCESS) and (
        not settings.STAFF_MFA_REQUIRED or second_factor.was_shown(request)
    )
    if not may_enter:
        return JsonResponse({"person": None})
    return JsonResponse({"person": user.pk, "csrf_token": get_token(request)})


@hooks.register("insert_global_admin_js")
def watch_session() -> SafeString:
    return render_to_string("sign_in/session.html")
