import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("record", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErrorReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("status", "Status and its dates"),
                            ("laws", "Its laws"),
                            ("treaties", "Amendments and other treaties"),
                            ("other", "Something else"),
                        ],
                        max_length=16,
                        verbose_name="what is wrong",
                    ),
                ),
                ("message", models.TextField(verbose_name="message")),
                (
                    "reply_address",
                    models.EmailField(blank=True, max_length=254, verbose_name="reply address"),
                ),
                ("language", models.CharField(max_length=8, verbose_name="language")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "received_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="received at"),
                ),
                (
                    "mailed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="mailed at"),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="error_reports",
                        to="record.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "error report",
                "verbose_name_plural": "error reports",
                "ordering": ["-received_at", "-pk"],
                "default_permissions": ("view", "change", "delete"),
                "indexes": [models.Index(fields=["received_at"], name="error_reports_by_age")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("part__in", ["status", "laws", "treaties", "other"]),
                            ("state__in", ["open", "closed"]),
                        ),
                        name="error_report_is_known",
                    )
                ],
            },
        ),
    ]
