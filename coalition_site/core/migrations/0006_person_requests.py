"""The log of what is done for persons. The database refuses to change or delete what it holds."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from coalition_site.core.keyed_hashes import current_key_id

# All columns but `made_by_id`, which is emptied when the account is deleted.
REFUSE = """
CREATE FUNCTION core_refuse_change_of_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log of requests is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER person_requests_are_append_only
    BEFORE DELETE OR UPDATE OF id, kind, person_key, reason, happened_at, hash_key_id ON core_personrequest
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change_of_request();
"""
ALLOW = """
DROP TRIGGER person_requests_are_append_only ON core_personrequest;
DROP FUNCTION core_refuse_change_of_request();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0005_languages_are_not_synchronised")]

    operations = [
        migrations.CreateModel(
            name="PersonRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "hash_key_id",
                    models.CharField(
                        default=current_key_id,
                        editable=False,
                        max_length=12,
                        verbose_name="id of the key of its hashes",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ending", "Subscription ended"),
                            ("correction", "Corrected"),
                            ("export", "Exported"),
                            ("erasure", "Erased"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("person_key", models.CharField(max_length=64, verbose_name="hash of the address")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "happened_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="when"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "request of a person",
                "verbose_name_plural": "requests of persons",
                "ordering": ["-happened_at", "-pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["person_key"], name="person_requests_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind__in=["ending", "correction", "export", "erasure"]),
                        name="person_request_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=~Q(reason=""), name="person_request_has_reason"
                    ),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
