"""Colours are defined in tokens.css alone."""

import re
from pathlib import Path

import pytest

from charts.world_map import Kind
from core.stylesheet import colour

ROOT = Path(__file__).parents[2]
TOKENS = ROOT / "static" / "css" / "tokens.css"
# WeasyPrint supports no custom properties in page margins, and an icon cannot use other files.
TESTED_AGAINST_TOKENS = {
    *(ROOT / "static" / "css" / "report").glob("*.css"),
    ROOT / "static" / "img" / "mark.svg",
}
HEXADECIMAL = re.compile(r"(?<![&\w])#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b(?![\w-])")
FUNCTION = re.compile(r"\b(?:rgba?|hsla?|oklch|oklab|lab|lch)\(")
NAMED = re.compile(
    r"(?:color|fill|stroke|background)\s*[:=]\s*\"?(?:white|black|red|green|blue|gr[ae]y)\b"
)
SOURCES = [
    *(ROOT / "templates").rglob("*.html"),
    *(ROOT / "static" / "css").rglob("*.css"),
    *(ROOT / "static" / "js").rglob("*.js"),
    *(ROOT / "static" / "img").rglob("*.svg"),
    *(
        path
        for app in ("charts", "core", "newsletter", "tracker")
        for path in (ROOT / app).rglob("*.py")
    ),
]


def literals(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return {
        match[0].lower()
        for pattern in (HEXADECIMAL, FUNCTION, NAMED)
        for match in pattern.finditer(text)
    }


def test_no_colour_is_written_outside_of_the_tokens() -> None:
    of_tokens = literals(TOKENS)
    assert of_tokens
    found = {
        str(path.relative_to(ROOT)): written
        for path in SOURCES
        if path != TOKENS
        and (written := literals(path) - (of_tokens if path in TESTED_AGAINST_TOKENS else set()))
    }
    assert found == {}


def test_a_token_is_resolved_in_each_scheme() -> None:
    assert colour("map-party") == colour("link") == "#1f4e79"
    assert colour("band-text") == "#ffffff"
    assert colour("map-land", dark=True) == colour("surface-sand", dark=True) == "#131f33"
    assert colour("gold", dark=True) == colour("gold")
    with pytest.raises(KeyError):
        colour("mauve")


def test_the_map_on_paper_has_the_colours_of_the_light_scheme() -> None:
    assert Kind.STATE_PARTY.paint.ground == colour("map-party")
    assert Kind.WITHDRAWN.paint.line == colour("map-crossed")
