"""Writes `neighbours.csv`: which states share a border on land, each pair once.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python record/data/make_neighbours.py package/countries-50m.json

Two states are neighbours if their shapes share an arc in the topology of the npm package world-atlas (Natural Earth,
public domain; at 1:50 million). Natural Earth draws who holds the ground, so the pairs are brought to the borders that
the United Nations go by, and to what is too small to be drawn: see `MENDED`. Shapes that are no state of the record
have no neighbours: dependent territories, and Western Sahara, so that Morocco and Mauritania are none. French Guiana
is France, and so France borders Brazil and Suriname.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

MENDED = {
    ("ALB", "SRB"): "Kosovo has no code: Security Council resolution 1244 (1999).",
    ("DJI", "SOM"): "Somaliland is drawn apart; it is Somalia.",
    ("BWA", "ZMB"): "At Kazungula, too short to be drawn.",
    ("ESP", "MAR"): "At Ceuta and Melilla, too short to be drawn.",
}


def main(topology_file: str) -> None:
    topology = json.loads(Path(topology_file).read_text(encoding="utf-8"))
    found = set(_pairs(topology["objects"]["countries"]["geometries"], _codes()))
    pairs = sorted(found | MENDED.keys())
    with (HERE / "neighbours.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["iso3", "iso3_of_neighbour"])
        writer.writerows(pairs)
    print(f"{len(pairs)} pairs")  # noqa: T201


def _codes() -> dict[str, str]:
    """The code of three letters of every state, by its M49 code."""
    with (HERE / "rome_statute_states.csv").open(encoding="utf-8", newline="") as source:
        return {row["m49"]: row["iso3"] for row in csv.DictReader(source)}


def _pairs(shapes: list[dict[str, Any]], codes: dict[str, str]) -> Iterator[tuple[str, str]]:
    by_arc: defaultdict[int, set[str]] = defaultdict(set)
    for shape in shapes:
        if state := codes.get(shape.get("id", "")):
            for arc in _arcs(shape.get("arcs", [])):
                by_arc[arc].add(state)
    for states in by_arc.values():
        yield from combinations(sorted(states), 2)


def _arcs(nested: Any) -> Iterator[int]:
    """The numbers of the arcs; one that is run through backwards is written as its complement."""
    if isinstance(nested, int):
        yield nested if nested >= 0 else ~nested
    else:
        for part in nested:
            yield from _arcs(part)


if __name__ == "__main__":
    main(sys.argv[1])
