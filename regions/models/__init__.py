"""Where the Coalition works, and the record of where every state stands."""

from .changes import RecordChange, RecordVersion
from .countries import Country, FocusYear, ImplementingLaw, TreatyAction
from .country_page import CountryPage
from .key_facts import KeyFact
from .pages import Aim, RegionIndexPage, RegionPage, regions_under
from .reports import Erratum, FrozenRecord, ReportFile, YearlyReport
from .teams import RegionTeam

__all__ = [
    "Aim",
    "Country",
    "CountryPage",
    "Erratum",
    "FocusYear",
    "FrozenRecord",
    "ImplementingLaw",
    "KeyFact",
    "RecordChange",
    "RecordVersion",
    "RegionIndexPage",
    "RegionPage",
    "RegionTeam",
    "ReportFile",
    "TreatyAction",
    "YearlyReport",
    "regions_under",
]
