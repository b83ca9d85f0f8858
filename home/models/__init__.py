"""The front page and the pages that belong to no other app."""

from .home_page import FrontPageFigure, HomePage
from .loaded_content import LoadedContent
from .standard_page import StandardPage

__all__ = ["FrontPageFigure", "HomePage", "LoadedContent", "StandardPage"]
