"""Which state of the record an answer shows, in its body and in its headers, and how it is cited.

The terms and the citation are those of `tracker/cite.html`, for programs.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Self

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import http_date

from core.days import today
from core.metadata import absolute
from record.models import RecordVersion


@dataclass(frozen=True, kw_only=True)
class RecordState:
    """The latest version: its stamp, and when it was made. Nothing of an empty record."""

    stamp: str | None = None
    changed_at: datetime | None = None

    @classmethod
    def now(cls) -> Self:
        """Asked before the data: an answer may then be newer than it says, and never older."""
        return cls.of(RecordVersion.objects.first())

    @classmethod
    def of(cls, version: RecordVersion | None) -> Self:
        """Return the state of a version, which is None for an empty record."""
        return cls(stamp=version.stamp, changed_at=version.made_at) if version else cls()

    def put_on(self, response: HttpResponse, *, day: date | None = None) -> None:
        """Write the version, and when what is told of a day was last changed.

        What is told of today changes at midnight too, when a notice takes effect.
        """
        if self.stamp is None or self.changed_at is None:
            return
        response.headers["Record-Version"] = self.stamp
        changed_at = self.changed_at
        if day == today():
            changed_at = max(changed_at, datetime.combine(day, time.min, UTC))
        response.headers["Last-Modified"] = http_date(changed_at.timestamp())


NAME = "Status of every state"
TERMS = "Please cite the Coalition and the version of the record as your source."


def citation(state: RecordState, *, day: date, organisation: str) -> str:
    """The line by which a state of the record is cited."""
    version = f" record {state.stamp}," if state.stamp else ""
    address = absolute(reverse("tracker"))
    return f"{organisation}, “{NAME}”, as of {date_format(day)},{version} {address}"
