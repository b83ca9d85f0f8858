"""Every model of the project is classified as shown on pages or not shown."""

from django.apps import apps
from django.conf import settings
from django.db import connection

from core.page_cache.triggers import watched_tables

# Models that no page shows, or whose rows may change without changing a page.
NOT_SHOWN = {
    "core.User",
    "core.User_groups",
    "core.User_user_permissions",
    # Created while a page is rendered. Their content is derived from the image.
    "core.CoalitionRendition",
    "core.DatabaseIdentity",
    "core.PersonRequest",
    "contact.ContactMessage",
    "error_reports.ErrorReport",
    "home.LoadedContent",
    "record.RegionTeam",
}
# Supporters, and mail to them.
APPS_NOT_SHOWN = {"newsletter"}
PROJECT = {
    app.label
    for app in apps.get_app_configs()
    if app.path.startswith(str(settings.BASE_DIR)) and "site-packages" not in app.path
} - APPS_NOT_SHOWN


def test_every_model_is_either_watched_or_known_to_be_shown_by_no_page() -> None:
    watched = watched_tables()
    unclassified = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in PROJECT and model._meta.db_table not in watched
    }
    assert unclassified == NOT_SHOWN, (
        "Add a model that pages show to PAGE_CACHE_SHOWN_MODELS, any other to NOT_SHOWN here."
    )


def test_every_watched_table_has_its_trigger(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname = 'page_cache'"
        )
        assert {table for (table,) in cursor.fetchall()} == set(watched_tables())
