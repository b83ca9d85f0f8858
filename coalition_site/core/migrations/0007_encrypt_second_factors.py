from django.db import migrations

from coalition_site.core.sign_in.stored_secrets import decrypt_all, encrypt_all


def encrypt(apps, schema_editor):
    """Encrypt the secrets that were stored in clear so far."""
    encrypt_all(apps.get_model("mfa", "Authenticator"))


def decrypt(apps, schema_editor):
    decrypt_all(apps.get_model("mfa", "Authenticator"))


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_person_requests"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(encrypt, decrypt)]
