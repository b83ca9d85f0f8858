"""What differs here from django-allauth's ways."""

import logging
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import encryption
from core.bot_protection import client_address
from core.models import User

from . import notices

logger = logging.getLogger(__name__)

# Told by the account itself, whichever form or command changed its password.
TOLD_WITHOUT_ALLAUTH = {
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
}


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by those who manage users in the admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits count by, behind proxies too."""
        return client_address(request) or "unknown"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What failed sign-ins are counted by: client and account together.

        By the account alone, a stranger could keep its person out. Guesses from many clients are slowed by nothing
        but the length of passwords, and stopped by the second step.
        """
        login: str = credentials.get("email") or credentials.get("username") or ""
        return f"{self.get_client_ip(request)} {login.lower()}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Tell the person by mail once their sign-in is closed to this client."""
        if _is_closed(request, self._get_login_attempts_cache_key(request, **credentials)):
            notices.queue_lock_notice(credentials.get("email") or credentials.get("username") or "")

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Store the password; whoever has just chosen it may try it, however often they mistook the former one."""
        super().set_password(user, password)
        if isinstance(user, User) and self.request:
            for login in {user.get_username(), user.email}:
                self._delete_login_attempts_cached_email(self.request, email=login)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send from a job, where no request is at hand."""
        self.render_mail(template_prefix, email, context).send()

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Leave the mail to a job."""
        if template_prefix not in TOLD_WITHOUT_ALLAUTH:
            notices.queue_notice([user.pk], template_prefix)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in within the last minutes is not asked again: the first thing they do is set up a factor."""
        records = get_authentication_records(self.request, self.request.user)
        if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the site's own address: that of the request is the client's to choose."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"


class StaffSecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are stored encrypted, keys carry the name of the site, and the code to scan stands in the page."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "unreadable": _(
            "Your second factor cannot be checked at the moment. Please tell the administrators of the site."
        ),
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read what was stored. In clear are those that a release before encryption stored while it was replaced."""
        if not encryption.is_encrypted(encrypted_text):
            return encrypted_text
        try:
            return encryption.decrypt(encrypted_text)
        except encryption.UnreadableError:
            logger.error("second_factor.unreadable")  # noqa: TRY400 - the trace says nothing more.
            raise self.validation_error("unreadable") from None

    def build_totp_svg(self, url: str) -> str:
        """The code as an SVG element. A picture in a data address would break the security policy."""
        picture: str = super().build_totp_svg(url)
        return picture[picture.index("<svg") :]

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.WAGTAIL_SITE_NAME}


def _is_closed(request: HttpRequest, key: str) -> bool:
    """Whether the next attempt counted under `key` will be refused."""
    return not ratelimit.consume(
        request, app="allauth.account", action="login_failed", key=key, dry_run=True
    )


@receiver(authentication_failed)
def tell_of_closed_second_step(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Tell the person by mail once no more codes are taken. Whoever entered them knows the password."""
    if _is_closed(request, f"mfa-auth-user-{user.pk}"):
        notices.queue_notice([user.pk], notices.SECOND_STEP_STOPPED)
