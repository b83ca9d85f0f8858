"""The picture of imports in the developer guide matches the code."""

import pytest

from local_site.import_graph import PICTURE, direct_imports, draw, layers


@pytest.fixture(scope="module")
def imports() -> dict[str, list[str]]:
    return direct_imports(layers())


def test_the_picture_agrees_with_the_code(imports: dict[str, list[str]]) -> None:
    assert PICTURE.read_text() == draw(imports), "the imports have changed: run `make imports`"


def test_every_arrow_points_down(imports: dict[str, list[str]]) -> None:
    order = list(imports)
    drawn = [(app, other) for app, others in imports.items() for other in others]
    assert len(drawn) > len(order)
    assert [pair for pair in drawn if order.index(pair[0]) > order.index(pair[1])] == []


def test_each_import_is_one_arrow() -> None:
    picture = draw({"top": ["middle", "bottom"], "middle": ["bottom"], "bottom": []})
    assert picture.count("<title>") == 1 + 3
    assert "top imports bottom" in picture
    assert "bottom imports" not in picture
