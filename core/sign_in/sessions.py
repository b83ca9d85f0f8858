"""The sessions of staff: how they are ended, and whether one lasts, for forms that stay open longer than it."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail import hooks

from core.models import User

from .gate import ADMIN_ACCESS, showed_second_factor


def end_sessions(user: User) -> int:
    """Sign the person out everywhere, and give how many sessions that were."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            store(session.session_key).delete()  # From the cache as well.
            ended += 1
    return ended


@never_cache
@require_safe
def session_state(request: HttpRequest) -> JsonResponse:
    """Give the id of who may work in the admin now, or null, and the token that their forms need."""
    user = request.user
    may_enter = user.has_perm(ADMIN_ACCESS) and (
        not settings.STAFF_MFA_REQUIRED or showed_second_factor(request)
    )
    if not may_enter:
        return JsonResponse({"person": None})
    return JsonResponse({"person": user.pk, "csrf_token": get_token(request)})


@hooks.register("insert_global_admin_js")
def watch_session() -> SafeString:
    return render_to_string("sign_in/session.html")
