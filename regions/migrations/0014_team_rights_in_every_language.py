"""Give the teams of regions their rights on the translations of their pages that exist already."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def give_rights(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Page = apps.get_model("wagtailcore", "Page")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    Permission = apps.get_model("auth", "Permission")
    submit = Permission.objects.filter(
        content_type__app_label="wagtail_localize", codename="submit_translation"
    )
    for team in apps.get_model("regions", "RegionTeam").objects.select_related("group"):
        team.group.permissions.add(*submit)
        for right in GroupPagePermission.objects.filter(group=team.group).select_related("page"):
            translations = Page.objects.filter(translation_key=right.page.translation_key)
            GroupPagePermission.objects.bulk_create(
                (
                    GroupPagePermission(
                        group=team.group, page=page, permission_id=right.permission_id
                    )
                    for page in translations.exclude(pk=right.page_id)
                ),
                ignore_conflicts=True,
            )


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0013_one_page_of_a_region"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
    ]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
