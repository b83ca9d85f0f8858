"""Finds pages and records that are public without a revision that says what they say."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import connection
from django.db.models import QuerySet
from wagtail.models import Page

from .models import LiveVersionMixin


def versioned_models() -> list[Any]:
    return [model for model in apps.get_models() if issubclass(model, LiveVersionMixin)]


def without_version(model: Any) -> QuerySet[Any]:
    """The public rows of a model without a public revision. Aliases have none: they follow their original."""
    rows = model._base_manager.filter(live=True, live_revision=None)
    return rows.filter(alias_of=None) if issubclass(model, Page) else rows


@checks.register(checks.Tags.database)
def check_versions(
    app_configs: Any, databases: Iterable[str] | None = None, **_options: Any
) -> list[checks.CheckMessage]:
    """Report what could not be brought back after its first edit. Runs with `check --database` only."""
    if "default" not in (databases or ()):
        return []
    # `migrate` checks a database before it makes the tables.
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
