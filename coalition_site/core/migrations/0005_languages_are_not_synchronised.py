"""Stop copying one language's new pages into another as they are."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def stop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("wagtail_localize", "LocaleSynchronization").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_database_identity"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
    ]

    operations = [migrations.RunPython(stop, migrations.RunPython.noop)]
