"""The shapes of the map: places belong to the right states, and no state is missing.

The places are towns. The page "Territory policy" explains the disputed ones.
"""

import csv
import itertools
from math import dist

import pytest

from charts.world_map import WORLD, world_shapes

from .geometry import DRAWING, LAND, owners, place, rings

STATES = WORLD.parent / "make" / "states.csv"


@pytest.mark.parametrize(
    ("name", "longitude", "latitude", "owner"),
    [
        ("Simferopol", 34.1, 44.95, "UKR"),
        ("Sevastopol", 33.55, 44.58, "UKR"),
        ("Kerch", 36.4, 45.3, "UKR"),
        ("Donetsk", 37.8, 48.0, "UKR"),
        ("Moscow", 37.6, 55.7, "RUS"),
        ("Quneitra", 35.82, 33.12, "SYR"),
        ("the south of the Golan", 35.75, 32.85, "SYR"),
        ("Tiberias", 35.53, 32.79, "ISR"),
        ("Tel Aviv", 34.85, 32.08, "ISR"),
        ("Gaza", 34.45, 31.5, "PSE"),
        ("Ramallah", 35.2, 31.9, "PSE"),
        ("East Jerusalem", 35.24, 31.79, "PSE"),
        ("Hebron", 35.09, 31.53, "PSE"),
        ("Laayoune", -13.2, 27.15, "ESH"),
        ("Dakhla", -15.85, 23.75, "ESH"),
        ("Smara", -11.67, 26.74, "ESH"),
        ("Tifariti, east of the berm", -10.57, 26.16, "ESH"),
        ("Rabat", -6.0, 33.5, "MAR"),
        ("Pristina", 21.16, 42.66, "SRB"),
        ("Hargeisa", 44.07, 9.56, "SOM"),
        ("Kyrenia", 33.4, 35.25, "CYP"),
        ("the south of Cyprus", 33.2, 35.0, "CYP"),
        ("Taipei", 121.5, 25.0, "CHN"),
        ("Sukhumi", 41.1, 43.0, "GEO"),
        ("Tskhinvali", 43.97, 42.22, "GEO"),
        ("Tiraspol", 29.6, 46.84, "MDA"),
        ("Stepanakert", 46.75, 39.82, "AZE"),
        ("the Essequibo", -59.0, 6.5, "GUY"),
        ("Cayenne", -52.5, 4.5, "FRA"),
        ("Srinagar", 74.8, 34.08, "IND"),
        ("Gilgit", 74.3, 35.9, "PAK"),
        ("the Siachen Glacier", 77.0, 35.45, "XSG"),
        ("Abyei", 28.43, 9.6, "SDN"),
        ("the Hala’ib Triangle", 36.2, 22.3, "EGY"),
        ("the Ilemi Triangle", 35.3, 5.0, "KEN"),
        ("Longyearbyen", 16.0, 78.3, "NOR"),
        ("Nuuk", -50.0, 65.0, "GRL"),
        ("Stanley", -58.7, -51.8, "FLK"),
        ("Puerto Rico", -66.4, 18.2, "PRI"),
        ("New Caledonia", 165.5, -21.4, "NCL"),
        ("Chukotka, west of 180°", 179.0, 67.0, "RUS"),
        ("Chukotka, east of 180°", -173.5, 65.6, "RUS"),
        ("Alaska", -160.0, 65.0, "USA"),
    ],
)
def test_every_place_is_where_the_policy_puts_it(
    name: str, longitude: float, latitude: float, owner: str
) -> None:
    assert owners(longitude, latitude) == {owner}


def test_every_state_has_an_outline_or_a_dot() -> None:
    with STATES.open(encoding="utf-8", newline="") as file:
        states = {row["iso3"] for row in csv.DictReader(file)}
    assert len(states) == 196
    shapes = world_shapes()
    assert shapes.outlines.keys() ^ shapes.dots.keys() == states


def test_land_without_a_state_is_neutral() -> None:
    shapes = world_shapes()
    for code, data in DRAWING["territories"].items():
        assert code not in shapes.elements
        assert data in shapes.neutral


def test_no_line_crosses_the_whole_picture() -> None:
    """A shape cut wrongly at the edge of the map would do so. The longest border, along 49° N, is 131 units."""
    for code, data in LAND.items():
        for ring in rings(data):
            for start, end in itertools.pairwise([*ring, ring[0]]):
                assert dist(start, end) < 150, code
        across = [x for ring in rings(data) for x, _y in ring]
        assert max(across) - min(across) < 1000, code


def test_everything_is_in_the_picture() -> None:
    shapes = world_shapes()
    outlines = [point for data in LAND.values() for ring in rings(data) for point in ring]
    for x, y in [*outlines, *shapes.dots.values()]:
        assert 0 <= x <= shapes.width
        assert 0 <= y <= shapes.height


def test_no_dot_covers_another() -> None:
    for (one, here), (other, there) in itertools.combinations(world_shapes().dots.items(), 2):
        assert dist(here, there) > 13, (one, other)


def test_a_dot_is_near_its_state() -> None:
    """Some dots are moved away from their neighbours."""

    with STATES.open(encoding="utf-8", newline="") as file:
        markers = {
            row["iso3"]: place(float(row["longitude"]), float(row["latitude"]))
            for row in csv.DictReader(file)
        }
    for iso3, dot in world_shapes().dots.items():
        assert dist(dot, markers[iso3]) < 12, iso3
