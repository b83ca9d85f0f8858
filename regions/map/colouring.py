"""Which state has which colour on the map, what it is called there, and where its link leads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .shapes import world_shapes


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


PAINTS: dict[Kind, Paint] = {
    Kind.STATE_PARTY: Paint("#1f4e79"),
    Kind.LEAVING: Paint("#1f4e79", line="#e0a526", angle=45),
    Kind.SIGNATORY: Paint("#dbe5ee", line="#1f4e79", angle=-45),
    Kind.NON_PARTY: Paint("#d9d3c4"),
    Kind.WITHDRAWN: Paint("#b8321f", line="#fbfaf6", angle=45, is_crossed=True),
}


@dataclass(frozen=True, slots=True)
class DrawnState:
    """A state as the template draws it: with an outline, or else as a dot."""

    kind: Kind
    label: str
    url: str | None
    outline: str | None
    dot: tuple[int, int] | None

    @property
    def tag(self) -> str:
        """The element that holds it."""
        return "a" if self.url else "g"


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
    def of(cls, countries: Iterable[Country], *, links: bool = True) -> Self:
        """In the order given, which is the order of the links. A state that has no place on the map is left out."""
        shapes = world_shapes()
        uncoloured = dict(shapes.outlines)
        outlined, dots = [], []
        for country in countries:
            state = DrawnState(
                kind=_kind(country),
                label=country.map_label,
                url=country.url if links else None,
                outline=uncoloured.pop(country.iso3, None),
                dot=shapes.dots.get(country.iso3),
            )
            if state.outline:
                outlined.append(state)
            elif state.dot:
                dots.append(state)
        land = shapes.neutral + "".join(uncoloured.values())
        return cls(shapes.width, shapes.height, (outlined, dots), land)


def _kind(country: Country) -> Kind:
    kind = Kind(country.status)
    return Kind.LEAVING if kind is Kind.STATE_PARTY and country.leaves_on else kind
