"""States for the page of components: one of each kind, with an outline and as a dot."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SampleCountry:
    iso3: str
    status: str
    map_label: str
    leaves_on: date | None = None
    url: str | None = "#map"


SAMPLE = [
    SampleCountry("AUS", "state_party", "Australia: State Party"),
    SampleCountry("CHN", "non_party", "China: not a party"),
    SampleCountry("MCO", "signatory", "Monaco: signatory"),
    SampleCountry("PHL", "withdrawn", "Philippines: withdrawn"),
    SampleCountry("SGP", "non_party", "Singapore: not a party"),
    SampleCountry("TTO", "state_party", "Trinidad and Tobago: State Party"),
    SampleCountry("USA", "signatory", "United States of America: signatory"),
    SampleCountry(
        "VEN", "state_party", "Venezuela: State Party until 24 July 2027", date(2027, 7, 24)
    ),
]
