"""What the tracker adds to the Wagtail admin."""

from .reports import hooks as report_hooks  # noqa: F401
