"""Draws the direct imports between the apps as `docs/imports.svg`: `make imports`.

The apps are in the order of the layers in `pyproject.toml`. Every arrow points down, so there is no import circle.
"""

import tomllib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "imports.svg"
CONTRACT = "Apps import one way"

# Lengths in pixels.
ROW = 46
BOX = (150, 30)
MARGIN = 20
PORT = 6  # from the middle of a box up to arrows that come in, and down to arrows that go out
ARROW = 8


def layers() -> list[str]:
    """Return the apps from the top layer down to `core`, from the contract of import-linter."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    apps: list[str] = next(each for each in contracts if each["name"] == CONTRACT)["layers"]
    return apps


def direct_imports(apps: Sequence[str]) -> dict[str, list[str]]:
    """Return, for each app, the other apps that one of its modules imports."""
    graph = grimp.build_graph(*apps, cache_dir=None)
    return {
        importer: [
            imported
            for imported in apps
            if imported != importer
            and graph.direct_import_exists(importer=importer, imported=imported, as_packages=True)
        ]
        for importer in apps
    }


def draw(imports: Mapping[str, Sequence[str]]) -> str:
    """Return the picture as SVG: a box for each app, in the given order, and an arrow for each import."""
    rows = {app: MARGIN + ROW * position + BOX[1] // 2 for position, app in enumerate(imports)}
    width = MARGIN * 2 + BOX[0] + 3 * _reach(len(rows) - 1) // 4
    height = MARGIN * 2 + ROW * (len(rows) - 1) + BOX[1]
    arrows = [
        _arrow(importer, imported, rows, hue=360 * position // len(rows))
        for position, importer in enumerate(imports)
        for imported in imports[importer]
    ]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="15">',
        "<title>Direct imports between the apps: every arrow points down</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *arrows,
        *(_box(app, middle) for app, middle in rows.items()),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _box(app: str, middle: int) -> str:
    return (
        f'<rect x="{MARGIN}" y="{middle - BOX[1] // 2}" width="{BOX[0]}" height="{BOX[1]}" rx="4" fill="#f4f4f4" '
        f'stroke="#444"/><text x="{MARGIN + BOX[0] // 2}" y="{middle + 5}" text-anchor="middle">{escape(app)}</text>'
    )


def _arrow(importer: str, imported: str, rows: Mapping[str, int], *, hue: int) -> str:
    side = MARGIN + BOX[0]
    start, end = rows[importer] + PORT, rows[imported] - PORT
    bend = side + _reach((rows[imported] - rows[importer]) // ROW)
    tip = side + ARROW
    return (
        f'<g stroke="hsl({hue} 75% 38%)" fill="none" stroke-width="1.6"><title>{importer} imports {imported}</title>'
        f'<path d="M{side} {start}C{bend} {start} {bend} {end} {tip} {end}"/>'
        f'<path d="M{tip} {end - 4}L{side + 1} {end}L{tip} {end + 4}z" fill="hsl({hue} 75% 38%)"/></g>'
    )


def _reach(distance: int) -> int:
    """Return how far an arrow bends to the side, for the number of rows that it crosses."""
    return 40 + 44 * abs(distance)


if __name__ == "__main__":
    PICTURE.write_text(draw(direct_imports(layers())))
    print(f"Drawn: {PICTURE.relative_to(ROOT)}")  # noqa: T201
