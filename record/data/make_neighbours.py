"""Writes `neighbours.csv`: the pairs of states that share a land border, each pair once.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python record/data/make_neighbours.py package/countries-50m.json

Two states are neighbours if their shapes share an arc in the topology of the npm package world-atlas (Natural Earth,
public domain, at 1:50 million). Natural Earth draws control on the ground and omits short borders, so `MENDED` adds
the pairs that are missing by the borders that the United Nations uses. Shapes that are not a state of the record have
no neighbours: dependent territories, and Western Sahara, so Morocco and Mauritania are not neighbours. French Guiana
is part of France, so France borders Brazil and Suriname.
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
    """Return the three-letter code of every state by its M49 code."""
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
    """Yield the numbers of the arcs. TopoJSON writes a reversed arc as the complement of its number."""
    if isinstance(nested, int):
        yield nested if nested >= 0 else ~nested
    else:
        for part in nested:
            yield from _arcs(part)


if __name__ == "__main__":
    main(sys.argv[1])
