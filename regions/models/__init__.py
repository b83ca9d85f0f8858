"""The pages of regions with their key facts, and the pages of countries."""

from .country_page import CountryPage
from .key_facts import KeyFact
from .pages import Aim, RegionIndexPage, RegionPage, regions_under

__all__ = [
    "Aim",
    "CountryPage",
    "KeyFact",
    "RegionIndexPage",
    "RegionPage",
    "regions_under",
]
