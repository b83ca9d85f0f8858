"""On which terms the data may be used and how they are cited, in the words of `tracker/cite.html`, for programs."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format

from core.metadata import absolute

from .record_state import RecordState

NAME = "Status of every state"
TERMS = "Please cite the Coalition and the version of the record as your source."


def citation(state: RecordState, *, day: date, organisation: str) -> str:
    """The line by which a state of the record is cited."""
    version = f" record {state.stamp}," if state.stamp else ""
    address = absolute(reverse("tracker"))
    return f"{organisation}, “{NAME}”, as of {date_format(day)},{version} {address}"
