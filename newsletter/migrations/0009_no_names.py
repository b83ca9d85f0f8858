"""Names are not asked for any more: no mail used them, and a stranger could have typed them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0008_consent_page_without_token"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="subscriber",
            name="name",
        ),
    ]
