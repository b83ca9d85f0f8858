"""What every page is made of: people, files, settings of the site, and the page that all others extend."""

from .database_identity import DatabaseIdentity
from .files import CoalitionDocument, CoalitionImage, CoalitionRendition
from .pages import BasePage
from .person_requests import KeyedHashes, PersonRequest
from .site_settings import SiteSettings, SocialLink
from .users import User
from .versions import LiveVersionMixin

__all__ = [
    "BasePage",
    "CoalitionDocument",
    "CoalitionImage",
    "CoalitionRendition",
    "DatabaseIdentity",
    "KeyedHashes",
    "LiveVersionMixin",
    "PersonRequest",
    "SiteSettings",
    "SocialLink",
    "User",
]
