"""The record of the status of every state."""

from .countries import Country, CountryQuerySet
from .entries import FocusYear, ImplementingLaw, TreatyAction
from .teams import RegionTeam
from .trail import RecordChange, RecordChangeQuerySet, RecordVersion

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
