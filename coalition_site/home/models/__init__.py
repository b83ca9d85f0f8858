"""The front page and the pages that belong to no other app."""

from .contact_page import ContactFormField, ContactMessage, ContactPage
from .error_report import ErrorReport
from .home_page import FrontPageFigure, HomePage
from .loaded_content import LoadedContent
from .standard_page import StandardPage

__all__ = [
    "ContactFormField",
    "ContactMessage",
    "ContactPage",
    "ErrorReport",
    "FrontPageFigure",
    "HomePage",
    "LoadedContent",
    "StandardPage",
]
