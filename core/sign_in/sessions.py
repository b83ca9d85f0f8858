"""Sessions of staff: how they are stored, which of them may enter the admin, and how they end."""

import re
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import cached_db
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.models import User

from .second_factors import showed_second_factor

ADMIN_ACCESS = "wagtailadmin.access_admin"
KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(cached_db.SessionStore):
    """Keeps sessions in the shared cache and the database, and ignores keys that Django would not make.

    Django accepts any cookie of eight characters and more as a key. One with a NUL character makes PostgreSQL raise an
    error, and a long one is no valid key of the cache.
    """

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and KEY.fullmatch(key) is not None


class AdminGate:
    """Middleware in front of every page of the admin, for signed-in users. Wagtail sends all others to sign in.

    A user without permission would otherwise be redirected without end: from the admin to the sign-in page, and from
    there, being signed in, back to the admin.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("wagtailadmin_home")):
            return self.get_response(request)
        if not request.user.is_authenticated or request.path == reverse("wagtailadmin_logout"):
            return self.get_response(request)
        if not request.user.has_perm(ADMIN_ACCESS):
            return render(request, "sign_in/no_access.html", status=403)
        if settings.STAFF_MFA_REQUIRED and not showed_second_factor(request):
            messages.warning(
                request,
                _("One more step: set up an authenticator app or a security key for your account."),
            )
            return redirect("mfa_index")
        return self.get_response(request)


def end_sessions(user: User) -> int:
    """Sign the user out everywhere and return the number of sessions that ended."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            store(session.session_key).delete()  # Deletes it from the cache as well.
            ended += 1
    return ended


@never_cache
@require_safe
def session_state(request: HttpRequest) -> JsonResponse:
    """Return the id of the user who may work in the admin, or null, and the CSRF token for open forms."""
    user = request.user
    may_enter = user.has_perm(ADMIN_ACCESS) and (
        not settings.STAFF_MFA_REQUIRED or showed_second_factor(request)
    )
    if not may_enter:
        return JsonResponse({"person": None})
    return JsonResponse({"person": user.pk, "csrf_token": get_token(request)})
