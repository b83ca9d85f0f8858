"""Take the tokens out of the ledger of consent: links in mails were kept with their whole path, and still opened."""

from django.db import migrations, models

# The rows may not be changed by anybody else: the trigger is off within this transaction alone.
FORGET_TOKENS = """
ALTER TABLE newsletter_consentrecord DISABLE TRIGGER consent_is_append_only;
UPDATE newsletter_consentrecord
SET page = 'newsletter:' || substring(page from '/newsletter/(confirm|preferences|unsubscribe|stay)/')
WHERE page ~ '/newsletter/(confirm|preferences|unsubscribe|stay)/';
ALTER TABLE newsletter_consentrecord ENABLE TRIGGER consent_is_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0007_what_staff_do_for_persons")]

    operations = [
        migrations.RunSQL(FORGET_TOKENS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="consentrecord",
            name="page",
            field=models.CharField(
                blank=True,
                help_text="The name of the route of the page, or the path of a page of the tree.",
                max_length=200,
                verbose_name="page",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("page__regex", "[A-Za-z0-9_-]{20}\\.[A-Za-z0-9]+\\.[A-Za-z0-9_-]"),
                    _negated=True,
                ),
                name="consent_page_holds_no_token",
            ),
        ),
    ]
