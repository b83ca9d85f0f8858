"""The shapes of `world.json`. What they mean, and what they don't, is on the page "Territory policy"."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString

DOT = '<circle cx="{}" cy="{}" r="7"/>'
WORLD = Path(__file__).parent / "world.json"


@dataclass(frozen=True, slots=True)
class WorldShapes:
    """The world in Equal Earth, as SVG draws it.

    `outlines` and `dots` go by ISO 3166-1 code of three letters: path data for the states that are large enough to
    see, a point for each of the others. `elements` holds both as SVG. `neutral` is land in no state's colour.
    """

    width: int
    height: int
    outlines: Mapping[str, str]
    dots: Mapping[str, tuple[int, int]]
    elements: Mapping[str, SafeString]
    neutral: str


@lru_cache(maxsize=1)
def world_shapes() -> WorldShapes:
    """Read once in a process."""
    drawing = json.loads(WORLD.read_text(encoding="utf-8"))
    _left, _top, width, height = drawing["viewBox"]
    outlines = drawing["outlines"]
    dots = {iso3: (x, y) for iso3, (x, y) in drawing["dots"].items()}
    return WorldShapes(
        width=width,
        height=height,
        outlines=outlines,
        dots=dots,
        elements={
            **{iso3: format_html('<path d="{}"/>', data) for iso3, data in outlines.items()},
            **{iso3: format_html(DOT, x, y) for iso3, (x, y) in dots.items()},
        },
        neutral="".join(drawing["territories"].values()),
    )
