"""What the import adds to the Wagtail admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import permission_required
from wagtail.admin.menu import MenuItem

from .services import LOG_ACTION
from .views import DifferenceView, UploadView

CODENAME = "import_country"
PERMISSION = f"regions.{CODENAME}"


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
    return Permission.objects.filter(content_type__app_label="regions", codename=CODENAME)


@hooks.register("register_log_actions")
def log_imports(actions: Any) -> None:
    """The history of a country tells which file changed it."""
    actions.register_action(LOG_ACTION, _("Import"), _("Imported"))
