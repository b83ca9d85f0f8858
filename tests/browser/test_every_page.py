"""What holds for every kind of page, in a language of each direction."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from .accessibility import COLOURS, violations
from .addresses import Address, addresses
from .conftest import DESKTOP, PHONE
from .html_validity import HtmlValidator
from .styles import missing_parts

VIEWPORTS = {"phone": PHONE, "desktop": DESKTOP}
WHAT_STICKS_OUT = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const sticksOut = ({left, right}) => right > root.clientWidth + 0.5 || left < -0.5;
  return [...document.querySelectorAll("body *")]
    .filter((element) => sticksOut(element.getBoundingClientRect()))
    .map((element) => element.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="module")
def html_validator() -> Iterator[HtmlValidator]:
    with HtmlValidator() as validator:
        yield validator


@pytest.mark.parametrize(
    ("address", "language"),
    [
        pytest.param(address, language, id=f"{address.name}, {language}")
        for address in addresses()
        for language in address.languages
    ],
)
def test_nobody_is_shut_out(
    page: Page, html_validator: HtmlValidator, address: Address, language: str
) -> None:
    """Valid HTML, with the styles it needs.

    And on a phone and a desktop nothing for axe to find, nothing off the side, and nothing hard to see in the dark.
    """
    response = address.visit(page, language)
    found = {"HTML": html_validator.faults(response.text()), "style": missing_parts(page)}
    for name, viewport in VIEWPORTS.items():
        page.set_viewport_size(viewport)
        found[f"{name}, sideways"] = page.evaluate(WHAT_STICKS_OUT)
        page.emulate_media(color_scheme="light")
        found[f"{name}, light"] = violations(page)
        page.emulate_media(color_scheme="dark")  # Changes colours and nothing else.
        found[f"{name}, dark"] = violations(page, standards=COLOURS)
    assert {what: faults for what, faults in found.items() if faults} == {}
