"""Mail to members of staff about their accounts.

Jobs send it, so a response takes no longer for known addresses than for unknown ones, and is the same while the mail
server is down. Jobs hold the ids of people; addresses and links are looked up when the mail is made.
"""

from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime

from core import encryption
from core.jobs import defer
from core.models import User
from core.models.users import email_changed, password_changed

# By name, because the tasks import this module.
SEND_PASSWORD_RESET = "core.send_password_reset"  # noqa: S105 - the name of a task
SEND_NOTICE = "core.send_account_notice"

NEW_PASSWORD = "account/email/password_changed"  # noqa: S105 - the name of a template
NEW_ADDRESS = "account/email/email_changed"
SECOND_FACTOR_RESET = "account/email/second_factor_reset"
SIGN_IN_STOPPED = "account/email/sign_in_stopped"
SECOND_STEP_STOPPED = "account/email/second_step_stopped"
# A stranger who keeps guessing must not fill a mailbox.
AT_MOST_HOURLY = {SIGN_IN_STOPPED, SECOND_STEP_STOPPED}


def request_password_reset(email: str) -> None:
    """Queue a mail with a link to set a new password.

    A job is queued even if nobody has the address, so that the response does not reveal which addresses are known.
    """
    defer(
        SEND_PASSWORD_RESET,
        user_ids=[*_ids(Q(email__iexact=email))],
        language=translation.get_language(),
    )


def send_password_reset(*, user_ids: list[int], language: str) -> None:
    """Mail each user a personal link, to the current address of the account."""
    adapter = get_adapter()
    for user in User.objects.filter(pk__in=user_ids, is_active=True):
        key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
        with translation.override(language):
            context = {
                "user": user,
                "username": user.get_username(),
                "password_reset_url": adapter.get_reset_password_from_key_url(key),
            }
            adapter.send_mail("account/email/password_reset_key", user.email, context)


def queue_notice(
    user_ids: Iterable[int], template_prefix: str, *, address: str | None = None
) -> None:
    """Queue a mail about their account to each user. `template_prefix` names the templates of subject and text.

    It goes to the address of the account, or to `address`, which the job holds encrypted.
    """
    defer(
        SEND_NOTICE,
        user_ids=[*user_ids],
        template_prefix=template_prefix,
        sealed_address=encryption.encrypt(address) if address else None,
        happened_at=timezone.now().isoformat(),
        language=translation.get_language(),
    )


def queue_lock_notice(login: str) -> None:
    """Queue a mail that sign-in is closed to a client. A job is queued for unknown names too, as for passwords."""
    queue_notice(_ids(Q(username__iexact=login) | Q(email__iexact=login)), SIGN_IN_STOPPED)


def send_notice(
    *,
    user_ids: list[int],
    template_prefix: str,
    happened_at: str,
    language: str,
    sealed_address: str | None = None,
) -> None:
    """Mail the notice in the language that each user chose in the admin, or else in `language`."""
    address = encryption.decrypt(sealed_address) if sealed_address else None
    people = User.objects.filter(pk__in=user_ids, is_active=True).exclude(email="")
    for user in people.select_related("wagtail_userprofile"):
        if template_prefix in AT_MOST_HOURLY:
            key = f"{template_prefix}:{user.pk}"
            if cache.get_or_set(key, happened_at, timeout=60 * 60) != happened_at:
                continue
        profile = getattr(user, "wagtail_userprofile", None)
        with translation.override(language):
            own_language = profile.get_preferred_language() if profile else language
        with translation.override(own_language):
            context = {
                "user": user,
                "happened_at": parse_datetime(happened_at),
                "new_password_url": f"{settings.SITE_URL}{reverse('account_reset_password')}",
            }
            get_adapter().send_mail(template_prefix, address or user.email, context)


@receiver(password_changed)
def report_new_password(user: User, **kwargs: Any) -> None:
    queue_notice([user.pk], NEW_PASSWORD)


@receiver(email_changed)
def report_new_address(user: User, former: str, **kwargs: Any) -> None:
    """Notify the former address, which gets no other notice, and delete django-allauth's copies of it."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email.lower()).delete()
    queue_notice([user.pk], NEW_ADDRESS, address=former)


def _ids(condition: Q) -> Iterable[int]:
    return User.objects.filter(condition, is_active=True).values_list("pk", flat=True)
