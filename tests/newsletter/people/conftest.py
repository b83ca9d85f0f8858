"""Fixtures: staff with single permissions."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from core.models import User
from tests.factories import UserFactory

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Return a client signed in as a new user with these permissions of the newsletter."""

    def make(*codenames: str) -> Client:
        user: User = UserFactory.create()
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        rights = Permission.objects.filter(
            content_type__app_label="newsletter", codename__in=codenames
        )
        assert len(rights) == len(codenames)
        user.user_permissions.add(*rights)
        client = Client()
        client.force_login(user)
        return client

    return make
