"""Staff sign in with a phone or a security key, under the security policy of the pages."""

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django import Settings

from core.models import User
from tests import factories
from tests.authenticator_app import code
from tests.jobs import run_jobs

from .conftest import OpenPage
from .site_server import SiteServer

PASSWORD = "correct horse battery staple"


@pytest.fixture
def member_of_staff(transactional_db: None, settings: Settings) -> User:
    """A user with a password but no second factor, on a site that requires one."""
    settings.STAFF_MFA_REQUIRED = True
    member = factories.SuperuserFactory.create(username="editor")
    member.set_password(PASSWORD)
    member.save()
    return member


def enter_password(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Username or e-mail address").fill("editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/staff/sign-out/")
    page.get_by_role("button", name="Sign Out").click()


def test_signing_in_with_an_authenticator_app(page: Page, member_of_staff: User) -> None:
    enter_password(page)
    expect(page.get_by_role("status").last).to_contain_text("One more step")
    page.get_by_role("link", name="Activate").click()
    expect(page.get_by_role("img", name="Code to scan")).to_be_visible()
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_label("Unused codes")).to_have_value(re.compile(r"^(\d{8}\n?){10}$"))
    page.get_by_role("link", name="Go to the admin").click()
    expect(page).to_have_title(re.compile("Dashboard"))
    run_jobs()
    told = mail.outbox[-1]  # It follows the mail about the password that the test set.
    assert told.to == [member_of_staff.email]
    assert told.subject == "Authenticator App Activated"

    sign_out(page)
    enter_password(page)
    page.get_by_label("Code").fill(code(secret, steps_later=1))
    page.get_by_role("button", name="Sign In").click()
    expect(page).to_have_title(re.compile("Dashboard"))


@pytest.fixture
def page_with_a_key(
    open_page: OpenPage, site_server: SiteServer, settings: Settings
) -> Iterator[Page]:
    """Open a browser with a security key for its user. Keys are bound to a name, so an IP address does not work."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page = open_page(base_url=site_server.address.replace("127.0.0.1", "localhost"))
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    yield page
    devtools.detach()


def test_signing_in_with_a_passkey_alone(page_with_a_key: Page, member_of_staff: User) -> None:
    page = page_with_a_key
    enter_password(page)
    page.get_by_role("link", name="Add").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("Unused codes")).to_be_visible()

    sign_out(page)
    for _ in range(6):  # One attempt more than is allowed.
        page.get_by_label("Username or e-mail address").fill("editor")
        page.get_by_label("Password").fill("a guess")
        page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Too many failed login attempts")).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_title(re.compile("Dashboard"))
