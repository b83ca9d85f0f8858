"""Triggers that notify every worker, within the transaction that writes, when the content of pages changes.

They are used instead of Django's signals because only they see bulk updates, treebeard's SQL, imports and psql. A
signal outside a transaction would also notify after the commit: if the process is killed in between, workers keep old
pages.

They are created anew after every `migrate`, when the tables of all apps exist.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from modelcluster.models import get_all_child_relations
from wagtail.models import Page

CHANNEL = "page_cache"
TRIGGER = "page_cache"

# The columns that are removed are written with every draft, twice a second while an editor types, and no page shows
# them. Whole rows are compared, because a trigger that names a column blocks migrations of it. Changes to an
# unpublished page are announced when it is published.
FUNCTION = """
CREATE OR REPLACE FUNCTION page_cache_row_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bookkeeping CONSTANT text[] := '{
        draft_title, has_unpublished_changes, latest_revision_created_at, latest_revision_id,
        locked, locked_at, locked_by_id, owner_id
    }';
    page_column CONSTANT text := TG_ARGV[0];
    before jsonb;
    after jsonb;
    is_shown boolean := true;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := to_jsonb(OLD) - bookkeeping;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        after := to_jsonb(NEW) - bookkeeping;
    END IF;
    IF before IS NOT DISTINCT FROM after THEN
        RETURN NULL;
    END IF;
    IF COALESCE(after, before) ? 'live' THEN
        is_shown := COALESCE((before ->> 'live')::boolean, false)
                 OR COALESCE((after ->> 'live')::boolean, false);
    ELSIF page_column IS NOT NULL THEN
        SELECT live INTO is_shown FROM wagtailcore_page
            WHERE id = (COALESCE(after, before) ->> page_column)::bigint;
    END IF;
    IF is_shown THEN
        PERFORM pg_notify('page_cache', '');
    END IF;
    RETURN NULL;
END $$
"""


def drop_all_pages() -> None:
    """Make every worker drop its cached pages at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def watched_tables() -> dict[str, str | None]:
    """Return the tables whose rows pages show, each with the column of the row's page, or None if it has none.

    Pages and their children are found; other models are listed in `PAGE_CACHE_SHOWN_MODELS`.
    """
    tables: dict[str, str | None] = dict(_tables_of_pages())
    for label in settings.PAGE_CACHE_SHOWN_MODELS:
        tables.setdefault(apps.get_model(label)._meta.db_table, None)
    return tables


def _tables_of_pages() -> Iterator[tuple[str, str | None]]:
    for model in apps.get_models():
        if not issubclass(model, Page):
            continue
        yield model._meta.db_table, model._meta.pk.column
        for relation in get_all_child_relations(model):
            part = relation.related_model
            if part._meta.app_label != "wagtailcore":  # Editors' comments.
                yield part._meta.db_table, relation.field.column
        for field in model._meta.local_many_to_many:
            through = field.remote_field.through
            if through is not None and through._meta.auto_created:
                yield through._meta.db_table, field.m2m_column_name()


def install(*, using: str = "default", **kwargs: Any) -> None:
    """Create the triggers on the tables that pages show, and drop them from all others."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = {
            table: column
            for table, column in watched_tables().items()
            if table in connection.introspection.table_names(cursor)
        }
        cursor.execute(FUNCTION)
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = %s",
            [TRIGGER],
        )
        for (table,) in cursor.fetchall():
            if table not in tables:
                cursor.execute(f"DROP TRIGGER {TRIGGER} ON {connection.ops.quote_name(table)}")
        for table, column in tables.items():
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER {TRIGGER} AFTER INSERT OR UPDATE OR DELETE"
                f" ON {connection.ops.quote_name(table)}"
                f" FOR EACH ROW EXECUTE FUNCTION page_cache_row_changed({_literal(column)})"
            )


def _literal(column: str | None) -> str:
    # A trigger takes only literals. The name of the column comes from a model, not from a user.
    return "" if column is None else f"'{column}'"
