"""Models that every app uses: users, files, settings of the site, and the base of all pages."""

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
