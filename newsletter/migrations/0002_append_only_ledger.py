"""The database itself refuses to change or delete what the ledger of consent holds."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION newsletter_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger of consent is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER consent_is_append_only BEFORE UPDATE OR DELETE ON newsletter_consentrecord
    FOR EACH ROW EXECUTE FUNCTION newsletter_refuse_change();
"""
ALLOW = """
DROP TRIGGER consent_is_append_only ON newsletter_consentrecord;
DROP FUNCTION newsletter_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
