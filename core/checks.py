"""System checks that read the database: `manage.py check --database default`."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections

from . import encryption
from .keyed_hashes import known_key_ids
from .models import KeyedHashes
from .sign_in import stored_secrets


@checks.register(checks.Tags.database)
def check_hash_keys(
    app_configs: Any, databases: Iterable[str] | None = None, **_options: Any
) -> list[checks.CheckMessage]:
    """Fail where a row holds a hash whose key is not in the settings: the people behind it would be forgotten."""
    models = [model for model in apps.get_models() if issubclass(model, KeyedHashes)]
    return [
        error
        for database in databases or ()
        for model in models
        for error in _unknown_keys(model, database)
    ]


def _unknown_keys(model: type[KeyedHashes], database: str) -> list[checks.CheckMessage]:
    if not _is_migrated(model, database):
        return []
    rows = model._default_manager.using(database).exclude(hash_key_id__in=known_key_ids())
    unknown = rows.order_by("hash_key_id").values_list("hash_key_id", flat=True).distinct()
    return [
        checks.Error(
            f"{model._meta.db_table} holds hashes that were made with the key {key_id}, which is neither HASH_KEY nor "
            "in HASH_KEY_FALLBACKS.",
            hint="People who left or were erased are not recognised, and could be written to again. Add the earlier "
            "key to HASH_KEY_FALLBACKS; see “Keys” in docs/operations.md.",
            id="core.E001",
        )
        for key_id in unknown
    ]


def _is_migrated(model: type[KeyedHashes], database: str) -> bool:
    """Tell whether the column is there: `migrate` runs the checks before it makes tables."""
    connection = connections[database]
    with connection.cursor() as cursor:
        if model._meta.db_table not in connection.introspection.table_names(cursor):
            return False
        description = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return any(column.name == "hash_key_id" for column in description)


@checks.register(checks.Tags.database)
def check_second_factors(
    app_configs: Any, databases: Iterable[str] | None = None, **_options: Any
) -> list[checks.CheckMessage]:
    """Fail where a second factor cannot be read, and warn where one lies in clear."""
    if not databases or not _has_table("mfa_authenticator"):
        return []
    secrets = list(stored_secrets.stored())
    found: list[checks.CheckMessage] = []
    if any(not encryption.is_encrypted(secret) for secret in secrets):
        found.append(
            checks.Warning(
                "Secrets of second factors are stored in clear.",
                hint="Run manage.py encrypt_second_factors.",
                id="core.W004",
            )
        )
    if any(encryption.is_encrypted(secret) and not _is_readable(secret) for secret in secrets):
        found.append(
            checks.Error(
                "Second factors were encrypted with a key that is neither ENCRYPTION_KEY nor in "
                "ENCRYPTION_KEY_FALLBACKS.",
                hint="Their owners cannot sign in with an authenticator app or a recovery code. Add the earlier key; "
                "see “Keys” in docs/operations.md.",
                id="core.E004",
            )
        )
    return found


def _is_readable(secret: str) -> bool:
    try:
        encryption.decrypt(secret)
    except encryption.UnreadableError:
        return False
    return True


def _has_table(name: str) -> bool:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        return name in connections[DEFAULT_DB_ALIAS].introspection.table_names(cursor)
