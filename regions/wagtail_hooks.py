"""What the pages of regions and countries add to the Wagtail admin."""

from .staff import copies, hooks  # noqa: F401
