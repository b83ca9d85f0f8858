"""Each hash says by which key it was made. Those of today were made with the present one."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import migrations, models

from coalition_site.core.keyed_hashes import current_key_id, keyed_hash

SAMPLE = 100


def refuse_another_key(apps: Any, _schema_editor: Any) -> None:
    """Stop where HASH_KEY is not the key of the ledger: every hash would be marked as made with the wrong one.

    Every subscriber came with an entry in the ledger, so that of the latest must be found there.
    """
    subscribers = apps.get_model("newsletter", "Subscriber").objects.order_by("-pk")
    records = apps.get_model("newsletter", "ConsentRecord").objects
    emails = subscribers.values_list("email", flat=True)[:SAMPLE]
    keys = [keyed_hash(email, purpose="address") for email in emails]
    if keys and records.exists() and not records.filter(address_key__in=keys).exists():
        raise ImproperlyConfigured(
            "HASH_KEY is not the key of the hashes in the ledger of consent. Set it to the key that made them: the "
            "HASH_KEY of this site until now or, where it had none, its SECRET_KEY."
        )


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0004_consent_by_day")]

    operations = [
        migrations.RunPython(refuse_another_key, migrations.RunPython.noop),
        *(
            migrations.AddField(
                model_name=model,
                name="hash_key_id",
                field=models.CharField(
                    default=current_key_id,
                    editable=False,
                    max_length=12,
                    verbose_name="id of the key of its hashes",
                ),
            )
            for model in ("consentrecord", "suppressedaddress")
        ),
    ]
