"""What is asked of the record."""

from .countries import CountryQuerySet
from .record import ImplementingLawQuerySet, RecordChangeQuerySet, TreatyActionQuerySet

__all__ = [
    "CountryQuerySet",
    "ImplementingLawQuerySet",
    "RecordChangeQuerySet",
    "TreatyActionQuerySet",
]
