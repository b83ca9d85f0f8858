"""Who may pass to the admin: staff with the permission who showed more than a password."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.models import User

ADMIN_ACCESS = "wagtailadmin.access_admin"


class AdminGate:
    """Middleware in front of every page of the admin. Wagtail itself sends the rest to sign in.

    A person without the permission would otherwise go in circles: Wagtail sends them to sign in, and the sign-in
    page sends who is signed in back to the admin.
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


SET_UP_BY = "second_factor_set_up_by"


def showed_second_factor(request: HttpRequest) -> bool:
    """True once the session gave a code or used a key, or its person has just set one of them up.

    The session is asked, not the account: a session that came in by any other way has shown nothing.
    """
    user = request.user
    if not isinstance(user, User):
        return False
    records = get_authentication_records(request, user)
    if any(record["method"] == "mfa" for record in records):
        return True
    return bool(request.session.get(SET_UP_BY) == user.pk)


@receiver(authenticator_added)
def remember_set_up(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Whoever sets up a second factor holds it: asking for it once more in the same session proves nothing."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        request.session[SET_UP_BY] = user.pk
