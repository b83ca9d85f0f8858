"""Computes the layout of the report's charts. The templates in `templates/tracker/report/` draw them as SVG.

Units are those of each chart's `viewBox`. The numbers of every chart are also in a table; a bar chart is drawn in the
rows of its table. Charts contain no text but numbers, because WeasyPrint sets text in SVG letter by letter, which
breaks Arabic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

WIDTH = 640
BAR = 240


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its position and its number. `baseline` is the y of the number's text."""

    at: float
    number: int

    @property
    def baseline(self) -> float:
        return round(self.at + 4, 1)


@dataclass(frozen=True)
class GrowthChart:
    """A step chart of the number of States Parties at the end of each year."""

    points: list[tuple[int, int]]
    line: str
    area: str
    years: list[Tick]
    numbers: list[Tick]
    last_at: tuple[float, float]
    width: int = WIDTH
    height: int = 290
    left: int = 40
    bottom: int = 250

    @classmethod
    def of(cls, points: Sequence[tuple[int, int]]) -> Self:
        """Lay out the chart. `points` are consecutive years, each with its number."""
        left, right, top, bottom = 40, WIDTH - 44, 16, 250
        highest = max(25, -(-max(number for _year, number in points) // 25) * 25)
        across = (right - left) / max(len(points), 1)
        steps = [
            (left + place * across, round(bottom - number / highest * (bottom - top), 1))
            for place, (_year, number) in enumerate(points)
        ]
        line = " ".join(
            f"{'M' if not place else 'V'}{_at(place, x, y)}H{round(x + across, 1)}"
            for place, (x, y) in enumerate(steps)
        )
        first_year = points[0][0]
        return cls(
            points=[(year, number) for year, number in points],
            line=line,
            area=f"{line} V{bottom} H{left} Z",
            years=[
                Tick(round(x + across / 2, 1), year)
                for (x, _y), (year, _number) in zip(steps, points, strict=True)
                if (year - first_year) % 4 == 0
            ],
            numbers=[
                Tick(round(bottom - number / highest * (bottom - top), 1), number)
                for number in range(0, highest + 1, 25)
            ],
            last_at=(right + 6, round(steps[-1][1] + 6, 1)),
        )

    @property
    def last(self) -> int:
        return self.points[-1][1]


def _at(place: int, x: float, y: float) -> str:
    return f"{round(x, 1)},{y}" if not place else f"{y}"


@dataclass(frozen=True)
class RowBar:
    """A number and its bar in a row of a table. The bar starts at the left, in Arabic at the right."""

    number: int
    x: float
    length: float
    width: int = BAR


def bars(numbers: Sequence[int], *, rtl: bool) -> list[RowBar]:
    """Return a bar for each number, all on one scale: the bar of the highest number has the full width."""
    highest = max([*numbers, 1])
    lengths = [round(number / highest * BAR, 1) for number in numbers]
    return [
        RowBar(number, round(BAR - length, 1) if rtl else 0, length)
        for number, length in zip(numbers, lengths, strict=True)
    ]
