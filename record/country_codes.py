"""What follows from the ISO code of a state: its everyday names, its neighbours, and its part of an address.

Names are CLDR's, in the languages of the site, for where a file gives none. Of five states CLDR names the land, or adds
another name of it; those have their name at the United Nations. `data/make_neighbours.py` says how the pairs of
neighbours were found.
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
    """The name by the ISO code of two letters. Nothing where no state or territory has the code."""
    if iso2 in UN_NAMES:
        return UN_NAMES[iso2][language]
    name: str | None = Locale(language).territories.get(iso2)
    return name


def short_form(un_name: str, *, name: str) -> str:
    """The short form at the United Nations, or nothing where it is the everyday name, whatever its apostrophes."""
    return "" if un_name.replace("'", "’") == name.replace("'", "’") else un_name


PAIRS = Path(__file__).parent / "data" / "neighbours.csv"


def neighbours_of(iso3: str) -> frozenset[str]:
    """The codes of three letters; none for an island."""
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
    """The code of three letters of a state, typed in capitals or not."""

    regex = "[A-Za-z]{3}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value
