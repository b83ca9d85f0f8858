"""The world map in a page: the look, the name and the link of each state."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import brotli
import pytest
from django.template import Context, Template
from django.utils import translation

from charts.world_map import WORLD, Kind
from home.models import HomePage
from record.choices import Status
from tests.factories import StandardPageFactory
from tests.html import Element, parse

pytestmark = pytest.mark.django_db


@dataclass
class State:
    iso3: str
    status: str = "state_party"
    leaves_on: date | None = None
    label: str = ""
    url: str | None = None

    @property
    def map_label(self) -> str:
        return self.label or f"{self.iso3}: {self.status}"


def render(states: Iterable[State], *, options: str = "", **values: Any) -> str:
    template = Template("{% load map_tags %}{% world_map states on=day " + options + " %}")
    return template.render(Context({"states": states, "day": None, **values}))


def drawn(states: Iterable[State], **values: Any) -> dict[str, Element]:
    """Return the elements drawn for each state by accessible name."""
    picture = parse(render(states, **values)).find("svg")
    return {
        element.find("title").text: element
        for element in [*picture.find_all("a"), *picture.find_all("g")]
        if element.elements and element.elements[0].name == "title"
    }


def all_states() -> list[State]:
    with (WORLD.parent / "make" / "states.csv").open(encoding="utf-8", newline="") as file:
        return [
            State(
                row["iso3"],
                label=f"State of {row['iso3']}: State Party since 1 September {row['m49']}",
                url=f"/where-we-work/europe/state-of-{row['iso3']}/",
            )
            for row in csv.DictReader(file)
        ]


def test_every_state_is_a_link_with_a_name() -> None:
    states = all_states()
    links = drawn(states)
    assert len(links) == 196
    for state in states:
        link = links[state.map_label]
        assert link.name == "a"
        assert link["href"] == state.url
        assert {child.name for child in link.elements} <= {"title", "path", "circle"}


def test_the_whole_map_fits_in_30_kilobytes() -> None:
    assert len(brotli.compress(render(all_states()).encode(), quality=5)) <= 30_000


@pytest.mark.parametrize(
    ("state", "kind", "fill"),
    [
        (State("KEN"), "state_party", "#1f4e79"),
        (State("VEN", leaves_on=date(2027, 7, 24)), "leaving", "url(#map-leaving)"),
        (State("USA", "signatory"), "signatory", "url(#map-signatory)"),
        (State("CHN", "non_party"), "non_party", "#d9d3c4"),
        (State("PHL", "withdrawn"), "withdrawn", "url(#map-withdrawn)"),
    ],
)
def test_kinds_differ_by_more_than_colour(state: State, kind: str, fill: str) -> None:
    element = drawn([state])[state.map_label]
    assert element["class"] == f"map__kind--{kind}"
    assert element["fill"] == fill


def test_every_hatch_is_in_the_picture() -> None:
    picture = parse(render([])).find("svg")
    patterns = {pattern["id"] for pattern in picture.find_all("pattern")}
    assert patterns == {"map-leaving", "map-signatory", "map-withdrawn"}


def test_a_status_that_the_map_does_not_know_is_an_error() -> None:
    with pytest.raises(ValueError, match="observer"):
        render([State("KEN", "observer")])


def test_states_left_out_are_land_without_name_or_link() -> None:
    html = render([State("KEN", url="/kenya/")])
    assert html.count("<title>") == 1
    land = next(path for path in parse(html).find_all("path") if path["class"] == "map__land")
    assert len(land["d"]) > 30_000


def test_links_keep_their_order_and_dots_lie_over_shapes() -> None:
    states = [State(iso3, url="/") for iso3 in ("SMR", "FRA", "MCO", "ITA")]
    assert list(drawn(states)) == [state.map_label for state in (states[i] for i in (1, 3, 0, 2))]


def test_names_are_text_and_not_markup() -> None:
    hostile = State("KEN", label='<script>"&', url='/?a="><script>')
    html = render([hostile])
    assert "<script>" not in html
    assert 'href="/?a=&quot;&gt;&lt;script&gt;"' in html


def test_a_state_without_an_address_is_drawn_without_link() -> None:
    assert drawn([State("KEN")])["KEN: state_party"].name == "g"


def test_without_links_the_map_is_one_picture() -> None:
    html = render([State("KEN", url="/kenya/")], options="links=False")
    assert "href" not in html
    picture = parse(html).find("svg")
    assert picture["role"] == "img"
    # WeasyPrint takes the alternative text of a tagged PDF from the title alone.
    assert picture.elements[0].name == "title"
    assert picture.elements[0].text == "World map: status of the Rome Statute"


def test_two_maps_on_a_page_share_no_id() -> None:
    html = render([]) + render([], options="prefix='before'")
    ids = [element["id"] for element in _with_id(parse(html))]
    assert len(ids) == len(set(ids)) == 8


def _with_id(document: Element) -> list[Element]:
    return [
        element
        for tag in ("pattern", "figcaption", "svg", "a")
        for element in document.find_all(tag)
        if "id" in element.attrs
    ]


@pytest.mark.parametrize(
    ("options", "target"), [("", "map-legend"), ("skip_to='states'", "states")]
)
def test_the_links_can_be_skipped(options: str, target: str) -> None:
    first_link = parse(render([State("KEN", url="/kenya/")], options=options)).find("a")
    assert first_link["href"] == f"#{target}"
    assert first_link.text == "Skip the map"


def test_the_name_of_the_map_has_the_day() -> None:
    picture = parse(render([], day=date(2005, 6, 1))).find("svg")
    assert picture["aria-label"].endswith("on 1 June 2005")


def test_the_legend_names_every_kind() -> None:
    legend = parse(render([])).find("ul")
    assert [item.text for item in legend.find_all("li")] == [
        "State Party",
        "State Party that gave notice of withdrawal",
        "Signatory",
        "Not a party",
        "Withdrawn",
        "No status shown",
    ]


def test_the_legend_has_the_labels_of_the_record() -> None:
    assert {status.value: status.label for status in Status}.items() <= dict(Kind.choices).items()


class TestTheTerritoryPolicy:
    def test_it_is_linked_under_the_map(self, home_page: HomePage) -> None:
        StandardPageFactory.create(parent=home_page, slug="territory-policy")
        assert parse(render([])).find("p").find("a")["href"] == "/territory-policy/"

    @pytest.mark.parametrize("options", [{}, {"slug": "territory-policy", "live": False}])
    def test_without_such_a_page_nothing_is_linked(
        self, home_page: HomePage, options: dict[str, Any]
    ) -> None:
        StandardPageFactory.create(parent=home_page, **options)
        assert not parse(render([])).find("p").find_all("a")

    def test_it_is_linked_in_the_language_of_the_reader(self, home_page: HomePage) -> None:
        StandardPageFactory.create(parent=home_page, slug="territory-policy")
        with translation.override("fr"):
            assert not parse(render([])).find("p").find_all("a")
