"""The front page and the pages that belong to no other app."""

from .contact_page import ContactFormField, ContactMessage, ContactPage
from .home_page import FrontPageFigure, HomePage
from .loaded_content import LoadedContent
from .standard_page import StandardPage

__all__ = [
    "ContactFormField",
    "ContactMessage",
    "ContactPage",
    "FrontPageFigure",
    "HomePage",
    "LoadedContent",
    "StandardPage",
]
