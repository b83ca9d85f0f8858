"""The database refuses to change or delete what the log of requests holds."""

from django.db import migrations

# All columns but `made_by_id`, which is emptied when the account is deleted.
REFUSE = """
CREATE FUNCTION core_refuse_change_of_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log of requests is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER person_requests_are_append_only
    BEFORE DELETE OR UPDATE OF id, kind, person_key, reason, happened_at, hash_key_id ON core_personrequest
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change_of_request();
"""
ALLOW = """
DROP TRIGGER person_requests_are_append_only ON core_personrequest;
DROP FUNCTION core_refuse_change_of_request();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_mail_hold")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
