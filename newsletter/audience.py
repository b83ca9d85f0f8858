"""Whom a mailing is for."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Confirmed subscribers by their choices and when they signed up. An empty criterion leaves nobody out.

    `joined_from` and `joined_until` are days of the sign-up in UTC, both included. `within` narrows it further.
    """

    languages: Collection[str] = field(default_factory=list)
    regions: Collection[str] = field(default_factory=list)
    topics: Collection[str] = field(default_factory=list)
    joined_from: date | None = None
    joined_until: date | None = None
    within: "Audience | None" = None
