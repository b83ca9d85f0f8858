"""The version of the record in the body and headers of a response, and its citation.

`tracker/cite.html` has the same terms and citation for readers.
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
    """The stamp and time of the latest version. Both are None while the record is empty."""

    stamp: str | None = None
    changed_at: datetime | None = None

    @classmethod
    def now(cls) -> Self:
        """Load the latest version. Call it before loading data, so that those are never older than the version."""
        return cls.of(RecordVersion.objects.first())

    @classmethod
    def of(cls, version: RecordVersion | None) -> Self:
        """Return the state of a version, which is None for an empty record."""
        return cls(stamp=version.stamp, changed_at=version.made_at) if version else cls()

    def put_on(self, response: HttpResponse, *, day: date | None = None) -> None:
        """Set the headers `Record-Version` and `Last-Modified`. `day` is the day that the response shows.

        A response about today also changes at midnight, when notices take effect.
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
    """Return the citation of a version of the record."""
    version = f" record {state.stamp}," if state.stamp else ""
    address = absolute(reverse("tracker"))
    return f"{organisation}, “{NAME}”, as of {date_format(day)},{version} {address}"
