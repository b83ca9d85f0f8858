"""Draws the world map as SVG, in any colouring. The outlines come from `world/world.json`, which `world/make/` makes.

It imports no model of the record. Templates load its tags as `map_tags`: see `TEMPLATES` in the settings.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, Self

from django import template
from django.db.models import TextChoices
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from core.page_cache.memory import recall
from core.stylesheet import colour

DOT = '<circle cx="{}" cy="{}" r="7"/>'
WORLD = Path(__file__).parent / "world" / "world.json"


@dataclass(frozen=True, slots=True)
class WorldShapes:
    """The world map in the Equal Earth projection, as SVG.

    `outlines` and `dots` are by ISO 3166-1 code of three letters: path data for the states that are large enough to
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
    """Return the shapes, which a process reads once."""
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
    """A state on the day that the map shows.

    `status` is a value of `Kind` other than `leaving`, `leaves_on` the day on which the notice of a State Party takes
    effect, and `map_label` the text of its link, such as "Kenya: State Party since 1 June 2005".
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
    """A colour and the hatch over it, for paper, which has no stylesheet. `map.css` has the colours of the screen."""

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
        """Return the value of the `fill` attribute: a colour, or a reference to the hatch with this prefix."""
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
    """A state as the template draws it. `element` is its outline or dot, `tag` the name of the element around it."""

    kind: Kind
    label: str
    url: str | None
    tag: str
    fill: str
    element: SafeString


@dataclass(frozen=True, slots=True)
class WorldMap:
    """The map in one colouring.

    `layers` are the states with outlines, and the dots, which lie over them. `land` is everything without a colour:
    states that were not passed in, and land that belongs to no state on the list.
    """

    width: int
    height: int
    layers: tuple[list[DrawnState], list[DrawnState]]
    land: str

    @classmethod
    def of(cls, countries: Iterable[Country], *, links: bool = True, prefix: str = "map") -> Self:
        """Colour the states. Their order is that of the links; states that are not on the map are left out.

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


register = template.Library()

# The slug, in every language, of the page that explains borders and disputed territories.
POLICY = "territory-policy"
# Room for all states in four languages, with five standings each. An entry takes about 300 bytes, since outlines are
# shared.
MOST_KEPT = 4096


@dataclass(frozen=True, slots=True)
class SampleCountry:
    """A state on the map of the page of components, which shows each kind as an outline and as a dot."""

    iso3: str
    status: str
    map_label: str
    leaves_on: date | None = None
    url: str | None = "#map"


SAMPLE = [
    SampleCountry("AUS", "state_party", "Australia: State Party"),
    SampleCountry("CHN", "non_party", "China: not a party"),
    SampleCountry("MCO", "signatory", "Monaco: signatory"),
    SampleCountry("PHL", "withdrawn", "Philippines: withdrawn"),
    SampleCountry("SGP", "non_party", "Singapore: not a party"),
    SampleCountry("TTO", "state_party", "Trinidad and Tobago: State Party"),
    SampleCountry("USA", "signatory", "United States of America: signatory"),
    SampleCountry(
        "VEN", "state_party", "Venezuela: State Party until 24 July 2027", date(2027, 7, 24)
    ),
]


@register.inclusion_tag("charts/map.html", takes_context=True)
def world_map(  # noqa: PLR0913 - the options of a template.
    context: Context,
    countries: Iterable[Country],
    *,
    on: date | None = None,
    links: bool = True,
    prefix: str = "map",
    skip_to: str = "",
    target: str = "",
) -> dict[str, Any]:
    """Render the map with its legend as a figure: `{% world_map countries on=day %}`.

    `links=False` leaves out the links, for paper. Two maps on a page need different values of `prefix`. `skip_to` is
    the id of the element to which readers can skip past the links, by default the legend. `target` is that of the
    links: browsers do not apply `<base target>` to links in SVG.
    """
    # PDF viewers leave seams between the tiles of a hatch, so tiles are large on paper.
    tile = 12 if links else 1200
    world = WorldMap.of(countries, links=links, prefix=prefix)
    return {
        "map": world,
        "layers": [_joined(layer, target) for layer in world.layers],
        "on": on,
        "links": links,
        "prefix": prefix,
        "tile": tile,
        "half_tile": tile // 2,
        "skip_to": skip_to,
        "kinds": list(Kind),
        "policy_url": _policy_url(context),
    }


@register.inclusion_tag("charts/map_legend.html")
def map_legend() -> dict[str, Any]:
    """Render the legend apart from the map."""
    return {"kinds": list(Kind)}


@register.simple_tag
def map_sample() -> list[SampleCountry]:
    """Return the states for the page of components."""
    return SAMPLE


def _joined(states: Iterable[DrawnState], target: str) -> SafeString:
    return mark_safe("".join(_drawn(state, target) for state in states))  # noqa: S308 - markup of a template.


@lru_cache(maxsize=MOST_KEPT)
def _drawn(state: DrawnState, target: str) -> SafeString:
    """Return the markup of a state. It depends on the arguments alone, so a worker keeps it."""
    return render_to_string("charts/map_state.html", {"state": state, "target": target})


def _policy_url(context: Context) -> str | None:
    """Return the address of the territory policy in the reader's language, or None if no such page is published."""
    language = get_language()
    pages = Page.objects.live().filter(slug=POLICY, locale__language_code=language)
    page = recall(("territory policy", language), pages.first)
    return page.get_url(context.get("request")) if page else None
