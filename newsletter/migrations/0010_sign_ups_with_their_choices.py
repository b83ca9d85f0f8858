"""Each sign-up keeps its own choices, and an objection keeps when its address was last asked again."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0009_no_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="suppressedaddress",
            name="asked_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="last asked to confirm a new sign-up",
            ),
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="when"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("en", "English"),
                            ("fr", "French"),
                            ("es", "Spanish"),
                            ("ar", "Arabic"),
                        ],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("africa", "Africa"),
                                ("americas", "Americas"),
                                ("asia-pacific", "Asia & the Pacific"),
                                ("europe", "Europe"),
                                ("middle-east-north-africa", "Middle East & North Africa"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("state-cooperation", "State cooperation"),
                                ("assembly-of-states-parties", "Assembly of States Parties"),
                                ("icc-budget", "A sufficient ICC budget"),
                                ("elections", "Electing the best ICC and ASP leaders"),
                                ("international-organisations", "International organisations"),
                                ("regional-organisations", "Regional organisations"),
                                ("major-powers", "The major powers"),
                                (
                                    "ratification-and-implementation",
                                    "Ratification and implementation",
                                ),
                                ("gender-justice", "Gender justice"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ups",
                        to="newsletter.subscriber",
                        verbose_name="subscriber",
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-up",
                "verbose_name_plural": "sign-ups",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "es", "ar"])),
                        name="sign_up_language_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "regions__contained_by",
                                [
                                    "africa",
                                    "americas",
                                    "asia-pacific",
                                    "europe",
                                    "middle-east-north-africa",
                                ],
                            )
                        ),
                        name="sign_up_regions_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "topics__contained_by",
                                [
                                    "state-cooperation",
                                    "assembly-of-states-parties",
                                    "icc-budget",
                                    "elections",
                                    "international-organisations",
                                    "regional-organisations",
                                    "major-powers",
                                    "ratification-and-implementation",
                                    "gender-justice",
                                ],
                            )
                        ),
                        name="sign_up_topics_are_known",
                    ),
                ],
            },
        ),
    ]
