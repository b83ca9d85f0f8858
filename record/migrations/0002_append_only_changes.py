"""The database refuses to change or delete what the trail of changes holds."""

from django.db import migrations

# A user who is deleted leaves the versions that they made: only their name may go.
FORWARD = """
CREATE FUNCTION record_trail_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'record_recordversion'
       AND to_jsonb(NEW) = to_jsonb(OLD) || '{"made_by_id": null}' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The trail of changes is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER record_versions_are_append_only BEFORE UPDATE OR DELETE ON record_recordversion
    FOR EACH ROW EXECUTE FUNCTION record_trail_is_append_only();
CREATE TRIGGER record_changes_are_append_only BEFORE UPDATE OR DELETE ON record_recordchange
    FOR EACH ROW EXECUTE FUNCTION record_trail_is_append_only();
"""
BACKWARD = """
DROP TRIGGER record_changes_are_append_only ON record_recordchange;
DROP TRIGGER record_versions_are_append_only ON record_recordversion;
DROP FUNCTION record_trail_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
