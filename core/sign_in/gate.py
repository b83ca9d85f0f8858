"""Who may pass to the admin."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from . import second_factor

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
        if settings.STAFF_MFA_REQUIRED and not second_factor.was_shown(request):
            messages.warning(
                request,
                _("One more step: set up an authenticator app or a security key for your account."),
            )
            return redirect("mfa_index")
        return self.get_response(request)
