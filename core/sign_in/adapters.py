"""Accounts, passwords and forms of django-allauth, changed where this site needs it."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.bot_protection import client_address
from core.models import User

from . import notices

# `notices` mails these when the account is saved, whichever form or command changed the password.
MAILED_BY_NOTICES = {
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
}


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made in the admin, by those who manage users."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address by which limits count a client, behind proxies too."""
        return client_address(request) or "unknown"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return the key by which failed sign-ins are counted: client and account together.

        If only the account counted, a stranger could lock out its owner. Guesses from many clients are therefore
        limited only by the length of passwords, and stopped by the second step.
        """
        login: str = credentials.get("email") or credentials.get("username") or ""
        return f"{self.get_client_ip(request)} {login.lower()}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Mail the owner of the account once sign-in to it is closed to this client."""
        if is_limit_reached(request, self._get_login_attempts_cache_key(request, **credentials)):
            notices.queue_lock_notice(credentials.get("email") or credentials.get("username") or "")

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Store the password and reset the count of failed sign-ins: a new password may be used at once."""
        super().set_password(user, password)
        if isinstance(user, User) and self.request:
            for login in {user.get_username(), user.email}:
                self._delete_login_attempts_cached_email(self.request, email=login)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail from a job, which has no request."""
        self.render_mail(template_prefix, email, context).send()

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Queue a job that sends the mail."""
        if template_prefix not in MAILED_BY_NOTICES:
            notices.queue_notice([user.pk], template_prefix)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return False for a few minutes after each sign-in, since the first task is to set up a second factor."""
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return a link on the site's own host, because the client chooses the host of the request."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"


def is_limit_reached(request: HttpRequest, key: str) -> bool:
    """Return whether the next attempt under `key` would be refused, without counting one."""
    return not ratelimit.consume(
        request, app="allauth.account", action="login_failed", key=key, dry_run=True
    )


class StaffAuthenticationBackend(AuthenticationBackend):
    """Takes the same time for known and unknown people.

    A login may be a username or an address. django-allauth tries both. It checks the password of a user who matches
    both a second time, which doubles the time.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        self._compared: set[Any] = set()
        return super().authenticate(request, **credentials)

    def _check_password(self, user: AbstractBaseUser | None, password: str) -> Any:
        if user is None or user.pk in self._compared:
            return None
        self._compared.add(user.pk)
        return super()._check_password(user, password)


class SignInForm(LoginForm):
    """Replaces django-allauth's placeholders by full labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail address")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class PasswordResetForm(ResetPasswordForm):
    """Leaves the mail, and everything that differs between known and unknown addresses, to a job."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        notices.request_password_reset(email)
        return email
