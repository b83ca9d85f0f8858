"""Long lists in parts. A cursor says after which entry the next part begins, so entries that are added move nothing."""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.http import urlencode

from core.metadata import absolute

from .problems import InvalidParametersError

LONGEST_PART = 500
DEFAULT_PART = 100
LONGEST_CURSOR = 64


@dataclass(frozen=True, kw_only=True)
class Order:
    """In which order a list stands: by a field that no two entries share, with the values that it can have."""

    name: str
    field: str
    values: re.Pattern[str]
    backwards: bool = False

    def part_of(
        self, entries: QuerySet[Any], *, cursor: str | None, limit: int
    ) -> tuple[list[Any], str | None]:
        """At most `limit` entries after the cursor, and the cursor of the next part if there is one.

        Raises InvalidParametersError.
        """
        entries = entries.order_by(f"-{self.field}" if self.backwards else self.field)
        if cursor:
            lookup = "lt" if self.backwards else "gt"
            entries = entries.filter(**{f"{self.field}__{lookup}": self.position(cursor)})
        part = list(entries[: limit + 1])
        if len(part) <= limit:
            return part, None
        part = part[:limit]
        return part, self.cursor_after(getattr(part[-1], self.field))

    def part_of_values(
        self, values: Iterable[str], *, cursor: str | None, limit: int
    ) -> tuple[list[str], str | None]:
        """Return at most `limit` values after the cursor, and the cursor of the next part if there is one.

        Raises InvalidParametersError.
        """
        after = self.position(cursor) if cursor else ""
        part = sorted(value for value in values if value > after)
        if len(part) <= limit:
            return part, None
        return part[:limit], self.cursor_after(part[limit - 1])

    def cursor_after(self, value: object) -> str:
        """Opaque, so that nobody builds on what is in it."""
        return base64.urlsafe_b64encode(f"{self.name}:{value}".encode()).decode().rstrip("=")

    def position(self, cursor: str) -> str:
        """The value after which the part begins. Raises InvalidParametersError: cursors come from anybody."""
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        except (binascii.Error, UnicodeError):
            text = ""
        name, _, value = text.partition(":")
        if name != self.name or not self.values.fullmatch(value):
            raise InvalidParametersError(
                {"cursor": ["This is no cursor of this list. Follow “next” of an answer."]}
            )
        return value


def address_of_next(path: str, params: Mapping[str, Any], *, cursor: str | None) -> str | None:
    """The whole address of the next part, with the same filters; nothing after the last part."""
    if cursor is None:
        return None
    return absolute(f"{path}?{urlencode({**params, 'cursor': cursor})}")
