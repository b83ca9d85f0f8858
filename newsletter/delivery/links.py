"""Each reader's own addresses."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from newsletter.slots import Slot
from newsletter.tokens import Holder, Purpose, make

_PLACEHOLDER = "token"


class PersonalLinks:
    """Makes the links of readers of a language; `issue` is the mailing that a leaver is counted for.

    The addresses are asked for once, not for each reader.
    """

    def __init__(self, slots: Iterable[Slot], *, language: str, issue: int | None = None) -> None:
        self._parts: list[tuple[Slot, Purpose, str, str]] = []
        for slot in slots:
            purpose = Purpose[slot.name]
            with translation.override(language):
                path = reverse(f"newsletter:{purpose}", args=[_PLACEHOLDER])
            before, _, after = path.rpartition(_PLACEHOLDER)
            if slot == Slot.UNSUBSCRIBE and issue is not None:
                after += f"?issue={issue}"
            self._parts.append((slot, purpose, settings.SITE_URL + before, after))

    def of(self, holder: Holder) -> dict[Slot, str]:
        return {
            slot: f"{before}{make(holder, purpose)}{after}"
            for slot, purpose, before, after in self._parts
        }
