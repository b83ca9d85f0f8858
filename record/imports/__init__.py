"""Imports the record of the states from a file of comma-separated values."""

from .differences import CountryDifference, EntryDifference, FieldDifference
from .problems import ImportRefusedError, Problem, RecordMovedOnError
from .services import LOG_ACTION, ImportPlan, apply_import, plan_import

__all__ = [
    "LOG_ACTION",
    "CountryDifference",
    "EntryDifference",
    "FieldDifference",
    "ImportPlan",
    "ImportRefusedError",
    "Problem",
    "RecordMovedOnError",
    "apply_import",
    "plan_import",
]
