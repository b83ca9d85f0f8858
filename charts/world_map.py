"""The world map: outlines drawn once by `world/make/`, and any colouring of them as SVG. Imports no model."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Protocol, Self

from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.stylesheet import colour

DOT = '<circle cx="{}" cy="{}" r="7"/>'
WORLD = Path(__file__).parent / "world" / "world.json"


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


class Country(Protocol):
    """What the map asks of a state, on the day that is shown.

    `status` is a value of `Kind` other than `leaving`; `leaves_on` the day on which the notice of a State Party takes
    effect; `map_label` the whole name of its link, such as "Kenya: State Party since 1 June 2005".
    """

    @property
    def iso3(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def leaves_on(self) -> date | None: ...
    @property
    def map_label(self) -> str: ...
    @property
    def url(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Paint:
    """A colour, and the hatch over it: for paper, where no stylesheet reaches. `map.css` has the colours of screens."""

    ground: str
    line: str | None = None
    angle: int = 0
    is_crossed: bool = False


class Kind(TextChoices):
    """The colours and hatches of the map, in the order of its legend: each `Status`, and parties about to leave."""

    STATE_PARTY = "state_party", _("State Party")
    LEAVING = "leaving", _("State Party that gave notice of withdrawal")
    SIGNATORY = "signatory", _("Signatory")
    NON_PARTY = "non_party", _("Not a party")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def paint(self) -> Paint:
        return PAINTS[self]

    def fill(self, prefix: str) -> str:
        """The value of the attribute: a colour, or the hatch of that id."""
        return f"url(#{prefix}-{self})" if self.paint.line else self.paint.ground


PAINTS: dict[Kind, Paint] = {
    Kind.STATE_PARTY: Paint(colour("map-party")),
    Kind.LEAVING: Paint(colour("map-party"), line=colour("map-notice"), angle=45),
    Kind.SIGNATORY: Paint(colour("map-signed"), line=colour("map-party"), angle=-45),
    Kind.NON_PARTY: Paint(colour("map-outside")),
    Kind.WITHDRAWN: Paint(
        colour("map-withdrew"), line=colour("map-crossed"), angle=45, is_crossed=True
    ),
}


@dataclass(frozen=True, slots=True)
class DrawnState:
    """A state as the template draws it. `element` is its outline or its dot, `tag` the element that holds that."""

    kind: Kind
    label: str
    url: str | None
    tag: str
    fill: str
    element: SafeString


@dataclass(frozen=True, slots=True)
class WorldMap:
    """The map in one colouring: the states with outlines, then the dots, which lie over them.

    `land` is all that has no colour: states that nobody named, and land of no state on the list.
    """

    width: int
    height: int
    layers: tuple[list[DrawnState], list[DrawnState]]
    land: str

    @classmethod
    def of(cls, countries: Iterable[Country], *, links: bool = True, prefix: str = "map") -> Self:
        """In the order given, which is the order of the links. A state that has no place on the map is left out.

        The ids of hatches begin with `prefix`.
        """
        shapes = world_shapes()
        fills = {kind: kind.fill(prefix) for kind in Kind}
        named = set()
        outlined: list[DrawnState] = []
        dots: list[DrawnState] = []
        for country in countries:
            if country.iso3 not in shapes.elements:
                continue
            kind = _kind(country)
            url = country.url if links else None
            state = DrawnState(
                kind=kind,
                label=country.map_label,
                url=url,
                tag="a" if url else "g",
                fill=fills[kind],
                element=shapes.elements[country.iso3],
            )
            (outlined if country.iso3 in shapes.outlines else dots).append(state)
            named.add(country.iso3)
        others = (data for iso3, data in shapes.outlines.items() if iso3 not in named)
        land = shapes.neutral + "".join(others)
        return cls(shapes.width, shapes.height, (outlined, dots), land)


def _kind(country: Country) -> Kind:
    kind = Kind(country.status)
    return Kind.LEAVING if kind is Kind.STATE_PARTY and country.leaves_on else kind
