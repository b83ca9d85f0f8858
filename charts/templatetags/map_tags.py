"""The world map and its legend."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Page

from charts.world_map import Country, DrawnState, Kind, WorldMap
from core.page_cache.memory import recall

register = template.Library()

# The slug of the page that says what shapes mean, in every language.
POLICY = "territory-policy"
# Outlines are shared, so a state costs some 300 bytes: four languages of all states in five standings each.
MOST_KEPT = 4096


@dataclass(frozen=True, slots=True)
class SampleCountry:
    """A state of the page of components, which has one of each kind, with an outline and as a dot."""

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
def world_map(  # noqa: PLR0913 - what a template may say of it.
    context: Context,
    countries: Iterable[Country],
    *,
    on: date | None = None,
    links: bool = True,
    prefix: str = "map",
    skip_to: str = "",
    target: str = "",
) -> dict[str, Any]:
    """The map with its legend, as a figure: `{% world_map countries on=day %}`.

    `links=False` draws the same picture without them, for paper. Two maps on a page need two `prefix`es. `skip_to` is
    the id of what comes after the links, such as the table; without it, they are skipped to the legend. `target` is
    where links open: browsers do not ask `<base>` for those of a picture.
    """
    # On paper the tiles of a hatch are large, since programs that show a PDF leave seams between them.
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
    """What the colours and hatches of the map mean, where it stands apart from the map."""
    return {"kinds": list(Kind)}


@register.simple_tag
def map_sample() -> list[SampleCountry]:
    """States for the page of components."""
    return SAMPLE


def _joined(states: Iterable[DrawnState], target: str) -> SafeString:
    return mark_safe("".join(_drawn(state, target) for state in states))  # noqa: S308 - markup of a template.


@lru_cache(maxsize=MOST_KEPT)
def _drawn(state: DrawnState, target: str) -> SafeString:
    """Return a state in markup. It depends on nothing but the arguments, so a worker keeps it."""
    return render_to_string("charts/map_state.html", {"state": state, "target": target})


def _policy_url(context: Context) -> str | None:
    """The address of the territory policy in the reader's language, or None while no such page is published."""
    language = get_language()
    pages = Page.objects.live().filter(slug=POLICY, locale__language_code=language)
    page = recall(("territory policy", language), pages.first)
    return page.get_url(context.get("request")) if page else None
