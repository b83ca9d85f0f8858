"""The record of a new site. SOURCES.md gives the source of each part and lists what is doubtful."""

from pathlib import Path

RECORD = Path(__file__).parent / "rome_statute_states.csv"
