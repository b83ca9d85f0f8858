"""Fixtures of core's tests."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache

from core.models import User
from tests import factories
from tests.jobs import RunJobs, jobs_in_this_transaction

from .staff import PASSWORD


@pytest.fixture
def run_jobs() -> RunJobs:
    return jobs_in_this_transaction()


@pytest.fixture
def editor(db: None) -> User:
    """A user with a password and no second factor."""
    cache.clear()
    editor = factories.UserFactory.create(username="editor", email="editor@example.org")
    # Updated directly, since `save` would send a mail about the new password.
    editor.set_password(PASSWORD)
    User.objects.filter(pk=editor.pk).update(password=editor.password)
    editors = Group.objects.create(name="May see the admin")
    editors.permissions.add(Permission.objects.get(codename="access_admin"))
    editor.groups.add(editors)
    return User.objects.get(pk=editor.pk)


@pytest.fixture
def secret(editor: User) -> str:
    """The key of the editor's authenticator app."""
    secret: str = generate_totp_secret()
    TOTP.activate(editor, secret)
    return secret
