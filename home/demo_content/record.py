"""The record of the states: what a new site knows of them. Staff keep it from then on."""

from core.days import today
from record.data import RECORD
from record.imports import apply_import


def load_record() -> None:
    """Import the record that comes with the site."""
    apply_import(content=RECORD.read_bytes(), name=RECORD.name, today=today())
