"""Looks up by ISO code the everyday names and the neighbours of a state, and converts the code in addresses.

Names are those of CLDR, in the languages of the site; an import uses them where its file gives none. For five states
CLDR names the land or adds a second name, so these have their name at the United Nations. The docstring of
`data/make_neighbours.py` says how neighbours were determined.
"""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

from babel import Locale

UN_NAMES = {
    "CD": {
        "en": "Democratic Republic of the Congo",
        "fr": "République démocratique du Congo",
        "es": "República Democrática del Congo",
        "ar": "جمهورية الكونغو الديمقراطية",
    },
    "CG": {"en": "Congo", "fr": "Congo", "es": "Congo", "ar": "الكونغو"},
    "MM": {"en": "Myanmar", "fr": "Myanmar", "es": "Myanmar", "ar": "ميانمار"},
    "PS": {
        "en": "State of Palestine",
        "fr": "État de Palestine",
        "es": "Estado de Palestina",
        "ar": "دولة فلسطين",
    },
    "VA": {"en": "Holy See", "fr": "Saint-Siège", "es": "Santa Sede", "ar": "الكرسي الرسولي"},
}


def everyday_name(iso2: str, language: str) -> str | None:
    """Return the name for a two-letter code, or None if no state or territory has that code."""
    if iso2 in UN_NAMES:
        return UN_NAMES[iso2][language]
    name: str | None = Locale(language).territories.get(iso2)
    return name


def short_form(un_name: str, *, name: str) -> str:
    """Return the short form at the United Nations, or "" if it is the everyday name, apart from apostrophes."""
    return "" if un_name.replace("'", "’") == name.replace("'", "’") else un_name


PAIRS = Path(__file__).parent / "data" / "neighbours.csv"


def neighbours_of(iso3: str) -> frozenset[str]:
    """Return the three-letter codes of the states that share a land border with this one."""
    return _neighbours().get(iso3, frozenset())


@cache
def _neighbours() -> dict[str, frozenset[str]]:
    sharing: defaultdict[str, set[str]] = defaultdict(set)
    with PAIRS.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        for one, other in rows:
            sharing[one].add(other)
            sharing[other].add(one)
    return {state: frozenset(others) for state, others in sharing.items()}


class Iso3Converter:
    """Matches a three-letter code in either case, and passes it on in capitals."""

    regex = "[A-Za-z]{3}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
