"""What is asked of the regions and of the record."""

from .countries import CountryQuerySet
from .pages import RegionPageQuerySet
from .record import ImplementingLawQuerySet, RecordChangeQuerySet, TreatyActionQuerySet
from .reports import YearlyReportQuerySet

__all__ = [
    "CountryQuerySet",
    "ImplementingLawQuerySet",
    "RecordChangeQuerySet",
    "RegionPageQuerySet",
    "TreatyActionQuerySet",
    "YearlyReportQuerySet",
]
