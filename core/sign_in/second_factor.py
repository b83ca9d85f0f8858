"""Whether the person of a session showed more than a password."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from core.models import User

SET_UP_BY = "second_factor_set_up_by"


def was_shown(request: HttpRequest) -> bool:
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
