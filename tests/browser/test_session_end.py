"""A session that ends while somebody is typing: a dialog says so at once, and no input is lost."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django import DjangoDbBlocker

from core.models import User
from home.models import StandardPage
from tests import factories
from tests.conftest import make_home_page
from tests.snapshots import DatabaseStates

from .site_server import SiteServer
from .staff import open_as_staff

PASSWORD = "correct horse battery staple"
ENDED = "You have been signed out"


@pytest.fixture
def transactional_db(
    database_states: DatabaseStates, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A site without content, because only the editor is tested."""
    with django_db_blocker.unblock():
        database_states.hold_migrated()
        cache.clear()
        yield


@pytest.fixture
def page(browser: Browser, site_server: SiteServer, transactional_db: None) -> Iterator[Page]:
    """Open a page whose errors are ignored: Wagtail's own requests fail and log them."""
    context = browser.new_context(base_url=site_server.address)
    yield context.new_page()
    context.close()


@pytest.fixture
def about(transactional_db: None) -> StandardPage:
    page: StandardPage = factories.StandardPageFactory.create(
        parent=make_home_page(), title="About"
    )
    page.save_revision().publish()
    return page


def title_of(page: Page) -> Locator:
    return page.locator("#id_title")


def open_editor(page: Page, edited: StandardPage) -> None:
    open_as_staff(page, f"/admin/pages/{edited.pk}/edit/")
    expect(title_of(page)).to_be_visible()
    # The form has learnt who its user is.
    page.wait_for_function(
        "performance.getEntriesByName(location.origin + '/staff/session/').length"
    )


def end_sessions() -> None:
    Session.objects.all().delete()
    cache.clear()


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("Username or e-mail address").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/admin/")


def give_password(user: User) -> None:
    user.set_password(PASSWORD)
    User.objects.filter(pk=user.pk).update(password=user.password)


def test_a_dialog_opens_at_once_and_the_text_is_saved_after_a_new_sign_in(
    page: Page, about: StandardPage
) -> None:
    open_editor(page, about)
    editor = User.objects.get(pk=Session.objects.get().get_decoded()["_auth_user_id"])
    give_password(editor)
    end_sessions()

    title_of(page).press_sequentially("Typed afterwards: ", delay=50)
    dialog = page.get_by_role("dialog", name=ENDED)
    expect(dialog).to_be_visible(timeout=60_000)
    page.keyboard.press("Escape")
    typed = title_of(page).input_value()
    assert typed.startswith("Typed")

    page.get_by_role(
        "button", name="Save draft"
    ).click()  # The form is not sent, and the dialog explains why.
    expect(dialog).to_be_visible()
    assert title_of(page).input_value() == typed
    with page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in again in a new tab").click()
    sign_in(opened.value, editor)

    page.bring_to_front()
    expect(dialog).to_be_hidden(timeout=60_000)
    assert title_of(page).input_value() == typed
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("has been updated")).to_be_visible()
    about.refresh_from_db()
    assert about.get_latest_revision_as_object().title == typed


def test_somebody_else_who_signs_in_does_not_save_it(page: Page, about: StandardPage) -> None:
    open_editor(page, about)
    end_sessions()
    other = factories.SuperuserFactory.create(username="other")
    give_password(other)
    second_tab = page.context.new_page()
    second_tab.goto("/staff/sign-in/")
    sign_in(second_tab, other)
    revision = about.latest_revision_id

    page.bring_to_front()
    dialog = page.get_by_role("dialog", name="Someone else has signed in")
    expect(dialog).to_be_visible(timeout=60_000)
    dialog.get_by_role("button", name="Back to my text").click()
    title_of(page).fill("Typed before")
    page.get_by_role("button", name="Save draft").click()
    expect(dialog).to_be_visible()
    assert title_of(page).input_value() == "Typed before"
    about.refresh_from_db()
    assert about.latest_revision_id == revision


def test_a_form_is_kept_while_the_site_cannot_be_reached(page: Page, about: StandardPage) -> None:
    open_editor(page, about)
    title_of(page).fill("Typed before")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("dialog", name="The site cannot be reached")).to_be_visible()
    assert title_of(page).input_value() == "Typed before"
    page.get_by_role("button", name="Back to my text").click()
    page.context.set_offline(False)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("has been updated")).to_be_visible()


def test_the_clicked_button_is_the_one_sent(page: Page, about: StandardPage) -> None:
    """The form is sent with the button that was clicked, also when it was pressed with the keyboard."""
    open_editor(page, about)
    title_of(page).fill("Published by the button")
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("has been published")).to_be_visible()
    about.refresh_from_db()
    assert about.title == "Published by the button"
