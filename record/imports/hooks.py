"""What the import adds to the Wagtail admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import permission_required
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import ModelLogEntry

from .services import LOG_ACTION
from .views import PERMISSION, DifferenceView, UploadView


class ImportMenuItem(MenuItem):
    """Shown to those who may import."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


@hooks.register("register_admin_urls")
def import_addresses() -> list[URLPattern]:
    may_import = permission_required(PERMISSION)
    return [
        path("record/import/", may_import(UploadView.as_view()), name="import_countries"),
        path(
            "record/import/<str:token>/",
            may_import(DifferenceView.as_view()),
            name="import_countries_difference",
        ),
    ]


@hooks.register("register_settings_menu_item")
def import_menu_item() -> MenuItem:
    return ImportMenuItem(
        _("Import the record"), reverse("import_countries"), icon_name="upload", order=900
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
    """The history of a country tells which file changed it."""

    label = _("Import")

    def format_message(self, log_entry: ModelLogEntry) -> str:
        return gettext("Imported from %(file)s") % {"file": log_entry.data["file"]}
