"""What takes long on a long ledger, while the site goes on writing into it."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # An index is built beside the writers only outside of a transaction.

    dependencies = [("newsletter", "0003_mailings")]

    operations = [
        ValidateConstraint(model_name="consentrecord", name="consent_event_is_known"),
        ValidateConstraint(model_name="suppressedaddress", name="suppression_reason_is_known"),
        AddIndexConcurrently(
            model_name="consentrecord",
            index=models.Index(fields=["happened_at", "event"], name="consent_by_day"),
        ),
    ]
