"""The header of every page: one line on a desktop in every language, and a menu on narrow screens."""

import pytest
from wagtail.models import Locale

from home.models import HomePage

from .conftest import OpenPage

TITLES = {
    "fr": ["Où nous travaillons", "Campagnes", "Actualités", "Qui nous sommes"],
    "es": ["Dónde trabajamos", "Campañas", "Noticias", "Quiénes somos"],
}
# A link of two words that wraps makes the header higher than a single line of 69 pixels.
SEEN = """() => {
  const links = [...document.querySelectorAll(".site-header :is(.menu__link, .languages__link, .button)")]
    .filter((link) => link.offsetParent)
    .map((link) => link.getBoundingClientRect());
  const middles = links.map((box) => Math.round(box.top + box.height / 2));
  const head = document.querySelector(".site-header").getBoundingClientRect();
  return { shown: links.length, lines: new Set(middles).size, isOneLine: head.height < 80 };
}"""


@pytest.fixture
def four_languages(transactional_db: None) -> None:
    """Add French and Spanish front pages, each with its menu, to the English and Arabic ones."""
    home = HomePage.objects.get(locale__language_code="en")
    for code, titles in TITLES.items():
        locale = Locale.objects.get_or_create(language_code=code)[0]
        home.copy_for_translation(locale).save_revision().publish()
        sections = home.get_children().filter(show_in_menus=True).specific()
        for title, section in zip(titles, sections, strict=True):
            copy = section.copy_for_translation(locale)
            copy.title = title
            copy.save_revision().publish()


@pytest.mark.usefixtures("four_languages")
def test_four_languages_fit_one_line_of_a_desktop(open_page: OpenPage) -> None:
    page = open_page()
    for width in (1280, 1366, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("/", "/fr/", "/es/", "/ar/"):
            page.goto(path)
            page.evaluate("document.fonts.ready")
            seen = page.evaluate(SEEN)
            assert seen == {"shown": 11, "lines": 1, "isOneLine": True}, (width, path)
