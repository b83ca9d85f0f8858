"""What the import adds to the Wagtail admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from .services import LOG_ACTION


@hooks.register("register_log_actions")
def log_imports(actions: Any) -> None:
    """The history of a country tells which file changed it."""
    actions.register_action(LOG_ACTION, _("Import"), _("Imported"))
