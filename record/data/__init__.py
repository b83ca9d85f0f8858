"""The record that the site begins with. SOURCES.md says where each part is from, and what is doubtful."""

from pathlib import Path

RECORD = Path(__file__).parent / "rome_statute_states.csv"
