"""The record of the status of every state."""

from .changes import RecordChange, RecordChangeQuerySet, RecordVersion
from .countries import Country, CountryQuerySet
from .entries import FocusYear, ImplementingLaw, TreatyAction
from .teams import RegionTeam

__all__ = [
    "Country",
    "CountryQuerySet",
    "FocusYear",
    "ImplementingLaw",
    "RecordChange",
    "RecordChangeQuerySet",
    "RecordVersion",
    "RegionTeam",
    "TreatyAction",
]
