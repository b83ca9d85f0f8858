"""The record of the states: what a new site knows of them. Staff keep it from then on."""

from regions.data import RECORD
from regions.days import today
from regions.imports import apply_import


def load_record() -> None:
    """Import the record that comes with the site."""
    apply_import(content=RECORD.read_bytes(), name=RECORD.name, today=today())
