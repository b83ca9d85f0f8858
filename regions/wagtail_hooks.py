"""What the regions and the record add to the Wagtail admin."""

from .imports import hooks as import_hooks  # noqa: F401
from .reports import hooks as report_hooks  # noqa: F401
from .staff import copies  # noqa: F401
from .staff import hooks as staff_hooks  # noqa: F401
