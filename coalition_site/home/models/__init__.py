"""The front page and the pages that belong to no other app."""

from .home_page import FrontPageFigure, HomePage
from .standard_page import StandardPage

__all__ = ["FrontPageFigure", "HomePage", "StandardPage"]
