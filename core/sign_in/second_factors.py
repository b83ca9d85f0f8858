"""Second factors of staff: how they are checked, whether a session has used one, and how their secrets are stored.

The database holds the secrets of authenticator apps and recovery codes, encrypted under `ENCRYPTION_KEY`. Security keys
leave no secret there.
"""

import logging
from collections.abc import Iterator
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import encryption
from core.models import User

from . import notices
from .adapters import is_limit_reached

logger = logging.getLogger(__name__)

TYPES_WITH_SECRETS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
SECRETS = ("secret", "seed", "migrated_codes")  # Names in `Authenticator.data`.
SET_UP_BY = "second_factor_set_up_by"  # Key in the session; the value is the user's id.


class StaffSecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts secrets, names security keys after the site, and puts the QR code into the page itself."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "unreadable": _(
            "Your second factor cannot be checked at the moment. Please tell the administrators of the site."
        ),
    }

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Clear text is accepted: a release before encryption may still have been running."""
        if not encryption.is_encrypted(encrypted_text):
            return encrypted_text
        try:
            return encryption.decrypt(encrypted_text)
        except encryption.UnreadableError:
            logger.error("second_factor.unreadable")  # noqa: TRY400 - the trace adds no information.
            raise self.validation_error("unreadable") from None

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as an SVG element. The security policy forbids an image with a `data:` address."""
        picture: str = super().build_totp_svg(url)
        return picture[picture.index("<svg") :]

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.WAGTAIL_SITE_NAME}


def showed_second_factor(request: HttpRequest) -> bool:
    """Return whether this session passed the second step, or its user has just set up a second factor.

    The session decides, not the account: a session that began in any other way has proved nothing.
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
    """Admit the session that set up a second factor: entering its code in the same session would prove no more."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        request.session[SET_UP_BY] = user.pk


@receiver(authentication_failed)
def report_closed_second_step(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Mail the owner once no more codes are accepted: the person who entered the wrong ones knows the password."""
    if is_limit_reached(request, f"mfa-auth-user-{user.pk}"):
        notices.queue_notice([user.pk], notices.SECOND_STEP_STOPPED)


@transaction.atomic
def encrypt_all() -> int:
    """Encrypt every secret with the current key and return the number of factors that changed.

    Idempotent: secrets under the current key stay as they are. Raises UnreadableError.
    """
    changed = 0
    for authenticator in _with_secrets().select_for_update():
        data = dict(authenticator.data)
        for name in SECRETS:
            value = data.get(name)
            if isinstance(value, str):
                data[name] = _under_current_key(value)
            elif value:
                data[name] = [_under_current_key(each) for each in value]
        if data != authenticator.data:
            authenticator.data = data
            authenticator.save(update_fields=["data"])
            changed += 1
    return changed


def stored_secrets() -> Iterator[str]:
    """Yield every secret in the form in which it is stored."""
    for data in _with_secrets().values_list("data", flat=True):
        for name in SECRETS:
            value = data.get(name, [])
            yield from [value] if isinstance(value, str) else value


def _with_secrets() -> Any:
    return Authenticator.objects.filter(type__in=TYPES_WITH_SECRETS)


def _under_current_key(value: str) -> str:
    if not encryption.is_encrypted(value):
        return encryption.encrypt(value)
    if encryption.is_under_current_key(value):
        return value
    return encryption.encrypt(encryption.decrypt(value))
