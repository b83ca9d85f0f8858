"""Lists of people who left elsewhere are brought in too."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0010_sign_ups_with_their_choices"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="subscriberimport",
            name="kind",
            field=models.CharField(
                choices=[
                    ("people", "People who agreed to receive the newsletter"),
                    ("left", "People who left elsewhere, and are not to be written to"),
                    (
                        "bounced",
                        "Addresses whose mail bounced elsewhere, and that are not to be written to",
                    ),
                ],
                default="people",
                max_length=12,
                verbose_name="what the list holds",
            ),
        ),
        migrations.AlterField(
            model_name="subscriberimport",
            name="consent_source",
            field=models.TextField(
                help_text="Kept with each person as the proof of consent, such as “Paper list, Assembly, December 2025”.",
                max_length=500,
                verbose_name="where and when they agreed, or left",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriberimport",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["people", "left", "bounced"])),
                name="import_kind_is_known",
            ),
        ),
    ]
