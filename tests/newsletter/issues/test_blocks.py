"""Required and optional parts of an issue's blocks."""

from datetime import date
from typing import Any

import pytest
from wagtail.blocks.struct_block import StructBlockValidationError

from newsletter.blocks import ActionBlock, ChangesBlock, EventBlock

NOTHING = {"text": "", "page": None, "document": None, "url": ""}
EVENT = {"title": "Day", "begins": date(2026, 7, 17), "text": "", "place": ""}


def cleaned(block: Any, value: dict[str, Any]) -> Any:
    return block.clean(block.normalize(value))


def test_an_event_needs_no_link() -> None:
    assert cleaned(EventBlock(), {**EVENT, "link": NOTHING})["link"].href == ""


@pytest.mark.parametrize("half", [{"text": "Come"}, {"url": "https://example.org/"}])
def test_half_a_link_is_refused(half: dict[str, str]) -> None:
    with pytest.raises(StructBlockValidationError):
        cleaned(EventBlock(), {**EVENT, "link": {**NOTHING, **half}})


def test_a_call_to_action_needs_its_link() -> None:
    with pytest.raises(StructBlockValidationError):
        cleaned(ActionBlock(), {"heading": "Act", "text": "", "link": NOTHING})


@pytest.mark.parametrize(
    ("block", "value"),
    [
        (EventBlock(), {**EVENT, "link": NOTHING, "ends": date(2026, 7, 16)}),
        (
            ChangesBlock(),
            {"heading": "Changed", "since": date(2026, 7, 2), "until": date(2026, 7, 2)},
        ),
    ],
)
def test_dates_must_be_in_order(block: Any, value: dict[str, Any]) -> None:
    with pytest.raises(StructBlockValidationError):
        cleaned(block, value)
