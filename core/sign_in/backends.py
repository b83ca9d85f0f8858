"""Whether a name and a password belong together."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest


class StaffAuthenticationBackend(AuthenticationBackend):
    """Takes the same time for known and unknown people.

    A login may be a name or an address. django-allauth tries it as either, and compares the password of a person
    whom it finds twice a second time, which takes twice as long.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        self._compared: set[Any] = set()
        return super().authenticate(request, **credentials)

    def _check_password(self, user: AbstractBaseUser | None, password: str) -> Any:
        if user is None or user.pk in self._compared:
            return None
        self._compared.add(user.pk)
        return super()._check_password(user, password)
