"""What the import adds to the Wagtail admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import ModelLogEntry

from core.imports.views import import_urls
from core.menu_items import PermissionMenuItem

from .importer import RecordImporter
from .services import LOG_ACTION, PERMISSION


@hooks.register("register_admin_urls")
def import_addresses() -> list[URLPattern]:
    return import_urls(RecordImporter(), "record/import/")


@hooks.register("register_settings_menu_item")
def import_menu_item() -> MenuItem:
    return PermissionMenuItem(
        RecordImporter.title,
        reverse(RecordImporter.url_name),
        icon_name="upload",
        order=900,
        permission=PERMISSION,
    )


@hooks.register("register_permissions")
def may_import() -> QuerySet[Permission]:
    """Offered for groups of staff."""
    app, codename = PERMISSION.split(".")
    return Permission.objects.filter(content_type__app_label=app, codename=codename)


@hooks.register("register_log_actions")
def log_imports(actions: LogActionRegistry) -> None:
    actions.register_action(LOG_ACTION)(ImportFormatter)


class ImportFormatter(LogFormatter):
    """Names the file in the history of a country."""

    label = _("Import")

    def format_message(self, log_entry: ModelLogEntry) -> str:
        return gettext("Imported from %(file)s") % {"file": log_entry.data["file"]}
