"""What tells a restored copy of the database from the original: see `core/mail_hold`."""

from django.db import migrations

# Where a managed server keeps its identifier from the role, the numbers of the database and the table have to do.
FUNCTIONS = """
CREATE FUNCTION core_database_identity(
    OUT system_identifier text, OUT database_oid bigint, OUT table_oid bigint
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    BEGIN
        EXECUTE 'SELECT system_identifier::text FROM pg_control_system()' INTO system_identifier;
    EXCEPTION WHEN insufficient_privilege OR undefined_function OR feature_not_supported THEN
        system_identifier := '';
    END;
    SELECT oid::bigint INTO database_oid FROM pg_database WHERE datname = current_database();
    table_oid := 'core_databaseidentity'::regclass::oid::bigint;
END
$$;

CREATE FUNCTION core_mail_is_held() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    live record;
BEGIN
    SELECT * INTO live FROM core_database_identity();
    IF NOT EXISTS (SELECT FROM core_databaseidentity) THEN
        INSERT INTO core_databaseidentity (id, system_identifier, database_oid, table_oid, recorded_at)
        VALUES (1, live.system_identifier, live.database_oid, live.table_oid, now())
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NOT EXISTS (
        SELECT FROM core_databaseidentity AS written
        WHERE written.database_oid = live.database_oid AND written.table_oid = live.table_oid
            AND (written.system_identifier = live.system_identifier
                OR '' IN (written.system_identifier, live.system_identifier))
    );
END
$$;
"""
NO_FUNCTIONS = """
DROP FUNCTION core_mail_is_held();
DROP FUNCTION core_database_identity();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_languages")]

    operations = [migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS)]
