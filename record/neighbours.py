"""Which states share a border on land. `data/make_neighbours.py` tells how the pairs were found."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

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
