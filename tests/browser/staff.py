"""Opens the admin in the browser without the steps of signing in."""

from playwright.sync_api import Page

from tests import factories
from tests.pages.visitors import BrowserVisitor


def open_as_staff(page: Page, path: str) -> None:
    """Open an address as a new superuser."""
    visitor = BrowserVisitor(page)
    visitor.sign_in(factories.SuperuserFactory.create())
    visitor.goto(path)
