"""The record of where every state stands."""

from .changes import RecordChange, RecordVersion
from .countries import Country, FocusYear, ImplementingLaw, TreatyAction
from .teams import RegionTeam

__all__ = [
    "Country",
    "FocusYear",
    "ImplementingLaw",
    "RecordChange",
    "RecordVersion",
    "RegionTeam",
    "TreatyAction",
]
