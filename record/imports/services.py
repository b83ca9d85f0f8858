"""Imports the record from a file: plans what would change, then applies all of it in one transaction."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.imports.columns import Row
from core.imports.differences import Difference, entry_difference, field_values
from core.imports.problems import ImportOutdatedError, ImportRefusedError, Problem
from core.models import User
from record.choices import Cause
from record.models import Country, ImplementingLaw, RecordVersion, TreatyAction
from record.models.trail import ENTRIES, lock_record, recording

from .columns import KEY, SCHEMA
from .merging import Merged, merge

logger = logging.getLogger(__name__)

PERMISSION = LOG_ACTION = "record.import_country"

Entry = Country | TreatyAction | ImplementingLaw
# The fields of stored entries by model and key.
Snapshot = dict[tuple[type[Model], int], dict[str, Any]]


@dataclass(frozen=True)
class ImportPlan:
    """The differences between a file and the record. `stamp` is the version of the record that was compared."""

    stamp: str
    rows: int
    differences: tuple[Difference, ...]


def plan_import(*, content: bytes, today: date) -> ImportPlan:
    """Return what the file would change. Writes nothing. Raises `ImportRefusedError` with every mistake."""
    with transaction.atomic():
        return _plan(content, today)[0]


def apply_import(
    *, content: bytes, name: str, today: date, user: User | None = None, stamp: str | None = None
) -> ImportPlan:
    """Write what the file changes, all of it or nothing, as one version of the record.

    `name` is the name of the file, for the trail. `stamp` is that of the confirmed plan, None if there was none.
    Raises `ImportRefusedError`, and `ImportOutdatedError` where the record changed since that plan.
    """
    note = f"{name[:200]} (SHA-256 {hashlib.sha256(content).hexdigest()[:12]})"
    with recording(cause=Cause.IMPORT, user=user, note=note):
        lock_record()
        plan, changed = _plan(content, today)
        if stamp is not None and stamp != plan.stamp:
            raise ImportOutdatedError
        _apply(changed, user=user, note=note)
    logger.info("record.imported", extra={"countries": len(changed), "rows": plan.rows})
    return plan


def _plan(content: bytes, today: date) -> tuple[ImportPlan, list[Country]]:
    version = RecordVersion.objects.first()
    rows, problems = SCHEMA.read(content)
    merged, before = _validate(rows, problems, today)
    differences = _diff(merged, before)
    plan = ImportPlan(version.stamp if version else "", len(rows), tuple(differences.values()))
    return plan, [one.country for one in merged if one.country.iso3 in differences]


def _validate(
    rows: list[Row], problems: list[Problem], today: date
) -> tuple[list[Merged], dict[str, Snapshot]]:
    """Merge every row. Return the results, and the earlier record of each country by three-letter code."""
    countries = {c.iso3: c for c in Country.objects.with_record()}
    before = {iso3: _snapshot(country) for iso3, country in countries.items()}
    problems = [*problems, *_repeated(rows, [*countries.values()])]
    merged = []
    for row in rows:
        one = merge(row, countries.get(row.cells[KEY]) or Country(), today=today)
        problems += [*one.problems, *_held(one, before.get(row.cells[KEY], {}))]
        merged.append(one)
    if problems:
        raise ImportRefusedError(problems)
    return merged, before


def _repeated(rows: list[Row], countries: list[Country]) -> list[Problem]:
    """Report states that have several rows, and codes that several states share."""
    problems = []
    for column in ("iso3", "iso2", "m49"):
        owners = {getattr(country, column): country.iso3 for country in countries}
        first: dict[str, int] = {}
        for row in rows:
            value = row.cells.get(column)
            if value is None:
                continue
            if value in first:
                message = _("%(value)s is in line %(line)d already.")
                values = {"value": value, "line": first[value]}
                problems.append(Problem(message % values, row.line, column))
            elif owners.get(value, row.cells[KEY]) != row.cells[KEY]:
                message = _("%(value)s is the code of %(state)s.")
                values = {"value": value, "state": owners[value]}
                problems.append(Problem(message % values, row.line, column))
            first.setdefault(value, row.line)
    return problems


def _held(one: Merged, before: Snapshot) -> list[Problem]:
    """Report a change to a country that somebody is working on."""
    country = one.country
    if country.pk is None or not (country.has_unpublished_changes or country.locked):
        return []
    if _difference(before, country) is None:
        return []
    message = (
        _("%(state)s is locked by someone who is working on it.")
        if country.locked
        else _("%(state)s has a draft that is not published. Publish or discard it first.")
    )
    return [Problem(message % {"state": country.name}, one.row.line)]


def _diff(merged: list[Merged], before: dict[str, Snapshot]) -> dict[str, Difference]:
    """Return the difference of each country that changes, by three-letter code."""
    differences = {}
    for one in merged:
        found = _difference(before.get(one.country.iso3, {}), one.country)
        if found is not None:
            differences[one.country.iso3] = found
    return differences


def _snapshot(country: Country) -> Snapshot:
    """Return the stored values of a country and its entries."""
    return {
        (type(entry), entry.pk): field_values(entry, ENTRIES[str(entry._meta.model_name)])
        for entry in _entries(country)
    }


def _difference(before: Snapshot, country: Country) -> Difference | None:
    """Compare the country in memory with its snapshot. Return None where they are equal."""
    found = (
        entry_difference(
            entry,
            ENTRIES[str(entry._meta.model_name)],
            before.get((type(entry), entry.pk), {}),
        )
        for entry in _entries(country)
    )
    entries = tuple(entry for entry in found if entry is not None)
    if not entries:
        return None
    return Difference(country.iso3, country.name, country.pk is None, entries)


def _entries(country: Country) -> list[Entry]:
    return [country, *country.treaty_actions.all(), *country.laws.all()]


def _apply(countries: list[Country], *, user: User | None, note: str) -> None:
    _keep_versions(countries)
    for country in countries:
        is_new = country.pk is None
        # First, so that a revision knows the entries by their keys.
        country.save()
        revision = country.save_revision(user=user, changed=not is_new)
        if is_new:
            now = timezone.now()
            Country.objects.filter(pk=country.pk).update(
                live_revision=revision, first_published_at=now, last_published_at=now
            )
        else:
            revision.publish(user=user, log_action=False, skip_permission_checks=True)
        # Logged with its revision, so that History can compare the import with the state before it, and restore that.
        log(
            instance=country,
            action=LOG_ACTION,
            user=user,
            revision=revision,
            content_changed=True,
            data={"file": note},
        )


def _keep_versions(countries: list[Country]) -> None:
    """Save a revision of the record before the import, for those countries that have none."""
    without = {
        country.pk: country for country in countries if country.pk and not country.live_revision_id
    }
    for stored in Country.objects.filter(pk__in=without, live=True):
        country = without[stored.pk]
        country.live_revision = country.latest_revision = stored.keep_version()
