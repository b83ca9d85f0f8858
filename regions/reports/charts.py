"""Where the lines, bars and words of the charts stand. `templates/regions/report/` draws them as SVG.

Units are those of each picture's `viewBox`. Every chart has a table with the same numbers beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

WIDTH = 640
LABEL = 186
BAR = 26
STEP = 40
# A bar shorter than this has no room for its number inside.
ROOM_FOR_NUMBER = 26


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: where it stands, and its number."""

    at: float
    number: int


@dataclass(frozen=True)
class GrowthChart:
    """How many parties there were at the end of each year, as steps."""

    points: list[tuple[int, int]]
    line: str
    area: str
    years: list[Tick]
    numbers: list[Tick]
    end: tuple[float, float]
    width: int = WIDTH
    height: int = 280
    left: int = 40
    bottom: int = 250

    @classmethod
    def of(cls, points: Sequence[tuple[int, int]]) -> Self:
        """`points` are years, one after the other, with their numbers."""
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
            end=(round(right, 1), steps[-1][1]),
        )

    @property
    def last(self) -> int:
        return self.points[-1][1]


def _at(place: int, x: float, y: float) -> str:
    return f"{round(x, 1)},{y}" if not place else f"{y}"


@dataclass(frozen=True)
class Bar:
    """A bar with its name before it and its number behind or in it. `fits` tells whether the number has room in it."""

    label: str
    number: int
    x: float
    y: int
    width: float
    text_x: float
    fits: bool = True


@dataclass(frozen=True)
class BarChart:
    """Bars that begin at one line: at the left, or in a language that reads from there, at the right."""

    bars: list[Bar]
    height: int
    label_x: int
    rtl: bool
    width: int = WIDTH
    thickness: int = BAR

    @classmethod
    def of(cls, rows: Sequence[tuple[str, int]], *, rtl: bool = False) -> Self:
        highest = max([number for _label, number in rows] + [1])
        room = WIDTH - LABEL - 44
        bars = []
        for place, (label, number) in enumerate(rows):
            length = round(number / highest * room, 1)
            start, end = LABEL, LABEL + length
            bars.append(
                Bar(
                    label=label,
                    number=number,
                    x=_mirrored(start, length, rtl=rtl),
                    y=place * STEP,
                    width=length,
                    text_x=_mirrored(end + 8, 0, rtl=rtl),
                )
            )
        return cls(bars, len(rows) * STEP, int(_mirrored(LABEL - 10, 0, rtl=rtl)), rtl)


@dataclass(frozen=True)
class Stack:
    """A row of a stacked chart."""

    label: str
    y: int
    parts: list[Bar]


@dataclass(frozen=True)
class StackChart:
    """Bars of one length, each cut into what it is made of, in the order of `names`."""

    stacks: list[Stack]
    names: list[str]
    height: int
    label_x: int
    rtl: bool
    width: int = WIDTH
    thickness: int = BAR

    @classmethod
    def of(cls, rows: Mapping[str, Sequence[int]], names: list[str], *, rtl: bool = False) -> Self:
        stacks = []
        for place, (label, numbers) in enumerate(rows.items()):
            total = sum(numbers) or 1
            start = float(LABEL)
            parts = []
            for name, number in zip(names, numbers, strict=True):
                length = number / total * (WIDTH - LABEL)
                parts.append(
                    Bar(
                        label=name,
                        number=number,
                        x=_mirrored(start, length, rtl=rtl),
                        y=place * STEP,
                        width=round(length, 1),
                        text_x=_mirrored(start + length / 2, 0, rtl=rtl),
                        fits=length >= ROOM_FOR_NUMBER,
                    )
                )
                start += length
            stacks.append(Stack(label, place * STEP, parts))
        return cls(stacks, names, len(rows) * STEP, int(_mirrored(LABEL - 10, 0, rtl=rtl)), rtl)

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """For the table: the numbers of each row."""
        return [(stack.label, [part.number for part in stack.parts]) for stack in self.stacks]

    @property
    def columns(self) -> list[tuple[str, list[int]]]:
        """For the table the other way round: the numbers of each name."""
        numbers = zip(*(row for _label, row in self.rows), strict=True)
        return [(name, list(column)) for name, column in zip(self.names, numbers, strict=True)]


def _mirrored(x: float, length: float, *, rtl: bool) -> float:
    """Where something of that length begins, in a picture that reads from the right."""
    return round(WIDTH - x - length if rtl else x, 1)
