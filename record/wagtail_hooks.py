"""What the record adds to the Wagtail admin."""

from .imports import hooks as import_hooks  # noqa: F401
from .staff import hooks as staff_hooks  # noqa: F401
