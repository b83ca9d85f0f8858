"""Staff do what a person asks for; the ledger says so, and when an address was deleted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0006_pause_reason_restored"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="subscriber",
            options={
                "default_permissions": ("view",),
                "ordering": ["-signed_up_at", "-pk"],
                "permissions": [
                    ("export_subscriber", "Can export subscribers"),
                    (
                        "manage_subscriber",
                        "Can see all that is kept of a person, messages included, and end, correct, export or erase it",
                    ),
                ],
                "verbose_name": "subscriber",
                "verbose_name_plural": "subscribers",
            },
        ),
        migrations.RemoveConstraint(
            model_name="consentrecord",
            name="consent_event_is_known",
        ),
        migrations.AlterField(
            model_name="consentrecord",
            name="event",
            field=models.CharField(
                choices=[
                    ("sign_up", "Sign-up"),
                    ("confirmation", "Confirmation"),
                    ("preference_change", "Change of preferences"),
                    ("unsubscription", "Unsubscription"),
                    ("suppression", "Suppression"),
                    ("expiry", "Sign-up not confirmed in time"),
                    ("erasure", "Erasure"),
                    ("import", "Import from a list"),
                    ("reconfirmation", "Confirmed anew"),
                    ("correction", "Corrected by the secretariat"),
                    ("forgetting", "Address deleted, as the subscription had ended long ago"),
                ],
                max_length=20,
                verbose_name="event",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "event__in",
                        [
                            "sign_up",
                            "confirmation",
                            "preference_change",
                            "unsubscription",
                            "suppression",
                            "expiry",
                            "erasure",
                            "import",
                            "reconfirmation",
                            "correction",
                            "forgetting",
                        ],
                    )
                ),
                name="consent_event_is_known",
            ),
        ),
    ]
