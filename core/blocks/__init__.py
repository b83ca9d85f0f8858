"""The blocks of a page's body, each with an icon, a description, a group and a preview."""

from .body import BodyBlock
from .links import LinkBlock

__all__ = ["BodyBlock", "LinkBlock"]
