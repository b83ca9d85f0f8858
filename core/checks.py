"""System checks that read the database: `manage.py check --database default`."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from wagtail.models import Page

from . import encryption
from .keyed_hashes import known_key_ids
from .models import KeyedHashes, LiveVersionMixin
from .sign_in.second_factors import stored_secrets


@checks.register(checks.Tags.database)
def check_hash_keys(
    app_configs: Any, databases: Iterable[str] | None = None, **_options: Any
) -> list[checks.CheckMessage]:
    """Report hashes whose key is missing from the settings: addresses could no longer be matched with them."""
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
    """Return whether the column exists: `migrate` runs the checks before it makes tables."""
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
    """Report second factors that cannot be decrypted, and warn of those that are not encrypted."""
    if not databases or not _has_table("mfa_authenticator"):
        return []
    secrets = list(stored_secrets())
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


def versioned_models() -> list[Any]:
    """Return the models that keep their public version as a revision."""
    return [model for model in apps.get_models() if issubclass(model, LiveVersionMixin)]


def without_version(model: Any) -> QuerySet[Any]:
    """Return the public rows of a model that have no live revision. Aliases never have one and are left out."""
    rows = model._base_manager.filter(live=True, live_revision=None)
    return rows.filter(alias_of=None) if issubclass(model, Page) else rows


@checks.register(checks.Tags.database)
def check_versions(
    app_configs: Any, databases: Iterable[str] | None = None, **_options: Any
) -> list[checks.CheckMessage]:
    """Report pages and records whose public version could not be restored after its first edit."""
    if "default" not in (databases or ()):
        return []
    # `migrate` runs the checks before it makes tables.
    tables = set(connection.introspection.table_names())
    return [
        checks.Warning(
            f"{count} of the {model._meta.verbose_name_plural} are public without a version in their history.",
            hint="Run “manage.py keep_versions”.",
            obj=model,
            id="core.W003",
        )
        for model in versioned_models()
        if model._meta.db_table in tables and (count := without_version(model).count())
    ]
