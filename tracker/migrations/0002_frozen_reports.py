"""The database refuses to change or delete what a report froze."""

from django.db import migrations

# A frozen report is frozen with all its words. Wagtail's own notes on it, and the names of deleted users, may change.
FORWARD = """
CREATE FUNCTION frozen_report_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bookkeeping CONSTANT text[] := '{
        live, has_unpublished_changes, first_published_at, last_published_at, go_live_at, expire_at, expired,
        latest_revision_id, live_revision_id
    }';
BEGIN
    IF OLD.frozen_id IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - bookkeeping = to_jsonb(OLD) - bookkeeping THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A frozen report never changes.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER frozen_report_never_changes BEFORE UPDATE OR DELETE ON tracker_yearlyreport
    FOR EACH ROW EXECUTE FUNCTION frozen_report_never_changes();

CREATE FUNCTION frozen_record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD) || jsonb_build_object(TG_ARGV[0], NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What a report froze, and its errata, are append-only.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER frozen_records_are_append_only BEFORE UPDATE OR DELETE ON tracker_frozenrecord
    FOR EACH ROW EXECUTE FUNCTION frozen_record_is_append_only('frozen_by_id');
CREATE TRIGGER errata_are_append_only BEFORE UPDATE OR DELETE ON tracker_erratum
    FOR EACH ROW EXECUTE FUNCTION frozen_record_is_append_only('added_by_id');
"""
BACKWARD = """
DROP TRIGGER errata_are_append_only ON tracker_erratum;
DROP TRIGGER frozen_records_are_append_only ON tracker_frozenrecord;
DROP FUNCTION frozen_record_is_append_only();
DROP TRIGGER frozen_report_never_changes ON tracker_yearlyreport;
DROP FUNCTION frozen_report_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
