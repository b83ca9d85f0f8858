"""Checks that a page contains the parts of the stylesheet that its elements need."""

import re
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page

from core.stylesheet import PARTS, assemble, sources_in

FOLDER = Path(settings.BASE_DIR) / "static" / "css"
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
DECLARATIONS = re.compile(r"\{[^{}]*\}")
CLASSES_OF_PAGE = """() => [...new Set([...document.querySelectorAll("[class]")].flatMap(
  (element) => [...element.classList]))]"""
STYLE_OF_PAGE = "() => [...document.querySelectorAll('style')].map((one) => one.textContent).join()"


def _rules(path: Path) -> str:
    """Return the rules in the form in which a page contains them."""
    return assemble([path]).partition("\n")[2].strip()


def _classes(path: Path) -> set[str]:
    return set(CLASS.findall(DECLARATIONS.sub("", _rules(path))))


COMMON: set[str] = set().union(*(_classes(path) for path in sources_in(FOLDER, ())))
CLASSES_OF_PARTS = {
    path: _classes(path) - COMMON for path in sorted((FOLDER / PARTS).glob("*.css"))
}


def missing_parts(page: Page) -> list[str]:
    """Return the parts with rules for classes on the page that the page does not contain."""
    if page.locator("link[href*='css/site']").count():  # Every part.
        return []
    style = page.evaluate(STYLE_OF_PAGE)
    classes = set(page.evaluate(CLASSES_OF_PAGE))
    return [
        f"{path.stem}: {', '.join(sorted(needed))}"
        for path, known in CLASSES_OF_PARTS.items()
        if (needed := classes & known) and _rules(path) not in style
    ]
