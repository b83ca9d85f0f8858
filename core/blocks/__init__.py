"""The blocks of a page's body: a small set, each with an icon, a description, a group and a preview."""

from .body import BodyBlock
from .links import LinkBlock

__all__ = ["BodyBlock", "LinkBlock"]
