"""Finds the shape on the map at a point of the globe, independently of the code that draws the map."""

import json
import re
from functools import cache
from math import asin, cos, radians, sin, sqrt

from charts.world_map import WORLD

Point = tuple[float, float]
Ring = list[Point]

# Šavrič, Patterson and Jenny, "The Equal Earth map projection" (2018).
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796

COMMAND = re.compile(r"([Mmlz])([^Mmlz]*)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

DRAWING = json.loads(WORLD.read_text(encoding="utf-8"))
LAND: dict[str, str] = DRAWING["outlines"] | DRAWING["territories"]


def place(longitude: float, latitude: float) -> Point:
    """Return the position of degrees in the picture, in its units."""
    projection = DRAWING["projection"]
    east = (longitude - projection["centre"] + 180) % 360 - 180
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    slope = 9 * A4 * theta**8 + 7 * A3 * theta**6 + 3 * A2 * theta**2 + A1
    x = 2 * sqrt(3) * radians(east) * cos(theta) / (3 * slope)
    y = A4 * theta**9 + A3 * theta**7 + A2 * theta**3 + A1 * theta
    across, down = projection["translate"]
    return across + projection["scale"] * x, down - projection["scale"] * y


@cache
def rings(data: str) -> list[Ring]:
    """Return the closed rings of path data, which contains only the commands M, m, l and z."""
    found: list[Ring] = []
    x = y = 0.0
    for command, arguments in COMMAND.findall(data):
        numbers = [float(number) for number in NUMBER.findall(arguments)]
        if command == "z":
            x, y = found[-1][0]
            continue
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = (dx, dy) if command == "M" else (x + dx, y + dy)
            if command in "Mm":
                found.append([])
            found[-1].append((x, y))
    return found


def holds(data: str, point: Point) -> bool:
    """Return whether a point is inside path data, by the even-odd rule."""
    x, y = point
    crossings = 0
    for ring in rings(data):
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                crossings += 1
    return crossings % 2 == 1


def owners(longitude: float, latitude: float) -> set[str]:
    """Return the codes of the states and territories drawn at a place."""
    point = place(longitude, latitude)
    return {code for code, data in LAND.items() if holds(data, point)}
