"""What may go wrong with an import besides the file."""

from core.csv_files import ImportRefusedError, Problem

__all__ = ["ImportRefusedError", "Problem", "RecordMovedOnError"]


class RecordMovedOnError(Exception):
    """The record changed since the difference was shown. Nothing was written."""
