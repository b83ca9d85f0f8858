"""Merge a row into the record of its country, in memory, and report the rules that the result breaks.

A blank cell changes nothing. An import adds and changes entries, and never removes one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.imports.columns import Row
from core.imports.problems import Problem
from core.language import language_codes
from record.choices import Action, Certainty, LawCoverage, LawStage, Treaty
from record.country_codes import everyday_name, short_form
from record.models import Country, ImplementingLaw, TreatyAction
from record.status import History
from record.treaty_rules import day_of_effect, effect, violations

from .columns import (
    ACTIONS,
    CODES,
    ENTRY_DETAILS,
    KEY,
    LAW_DETAILS,
    LAWS,
    SAME_STAGE,
    SCHEMA,
    ActionColumn,
    LawColumn,
)

BOUND_FROM_INDEPENDENCE = "Succession: bound from independence."


@dataclass
class Merged:
    """A country as it would be after the import, not saved, and the problems of its row."""

    country: Country
    row: Row
    actions: list[TreatyAction]
    laws: list[ImplementingLaw]
    problems: list[Problem] = field(default_factory=list)
    # The column of an action's date, by the `id()` of the action.
    column_of: dict[int, str] = field(default_factory=dict)

    def report(self, message: str | Promise, column: str = "") -> None:
        self.problems.append(Problem(message, self.row.line, column))


def merge(row: Row, country: Country, *, today: date) -> Merged:
    """Merge the row into the country, which has no primary key if the record does not have the state yet."""
    stored = country.pk is not None
    merged = Merged(
        country=country,
        row=row,
        actions=list(country.treaty_actions.all()) if stored else [],
        laws=list(country.laws.all()) if stored else [],
    )
    _set_fields(merged)
    for action_column in ACTIONS:
        _merge_action(merged, action_column)
    for law_column in LAWS:
        _merge_law(merged, law_column, today)
    _check_rules(merged, today)
    country.treaty_actions = merged.actions
    country.laws = merged.laws
    return merged


def _set_fields(merged: Merged) -> None:
    country, cells = merged.country, merged.row.cells
    if country.pk is None:
        _start_country(merged)
    else:
        for code in CODES:
            if code in cells and cells[code] != getattr(country, code):
                _report_code(merged, code)
    SCHEMA.assign(merged.row, country)
    if "name_en" in cells:
        country.un_name = short_form(cells["name_en"], name=country.name_en)


def _report_code(merged: Merged, code: str) -> None:
    message = _("The record has %(value)s for %(state)s. An import does not change codes.")
    values = {"value": getattr(merged.country, code), "state": merged.country.iso3}
    merged.report(message % values, code)


def _start_country(merged: Merged) -> None:
    """Set codes and names of a state that the record does not have yet."""
    country, cells = merged.country, merged.row.cells
    country.iso3 = cells[KEY]
    for column in (*CODES, "region"):
        if column not in cells and column not in merged.row.broken:
            message = _("The record has no %(state)s yet. A new state needs iso2, m49 and region.")
            merged.report(message % {"state": country.iso3}, column)
    country.iso2 = cells.get("iso2", "")
    country.m49 = cells.get("m49", "")
    for language in language_codes():
        name = everyday_name(country.iso2, language)
        if country.iso2 and name is None and language == "en":
            merged.report(_("No state or territory has this code."), "iso2")
        setattr(country, f"name_{language}", name or "")


def _merge_action(merged: Merged, column: ActionColumn) -> None:
    cells = merged.row.cells
    day: date | None = cells.get(column.name)
    if day is None:
        details = [f"{column.name}_{detail}" for detail in ENTRY_DETAILS]
        _report_strays(merged, column.name, [*details, column.kind, column.effect])
        return
    kind: Action | None = cells.get(column.kind)
    entry = _matching_action(merged.actions, column, day) or _new_action(merged, column, kind)
    merged.column_of[id(entry)] = column.name
    if (entry.date, entry.action) != (day, kind or entry.action):
        entry.date, entry.action = day, kind or entry.action
        _mark_unverified(merged, entry)
    _set_details(merged, entry, column.name, ENTRY_DETAILS)
    _check_effect(merged, entry, column)
    entry.takes_effect_on = effect(entry)


def _new_action(merged: Merged, column: ActionColumn, kind: Action | None) -> TreatyAction:
    if kind is None and column.kind and column.treaty == Treaty.ROME_STATUTE:
        merged.report(_("Give the kind of instrument."), column.kind)
    action = kind or (Action.CONSENT if column.kind else column.actions[0])
    entry = TreatyAction(treaty=column.treaty, action=action)
    merged.actions.append(entry)
    _set_source(merged, entry, column.name)
    return entry


def _matching_action(
    entries: list[TreatyAction], column: ActionColumn, day: date
) -> TreatyAction | None:
    """Find the action that a cell corrects: one of the same kind, with no other step of the state between both dates.

    A state that withdrew and joined again has two consents: the second is new, not a correction of the first.
    """
    of_treaty = [entry for entry in entries if entry.treaty == column.treaty]
    same = [entry for entry in of_treaty if entry.action in column.actions]
    if column.actions[0] not in {Action.SIGNATURE, Action.DECLARATION}:
        steps = {p.date for p in of_treaty if p not in same and p.action not in NO_STEPS}
        same = [
            entry
            for entry in same
            if not any(min(entry.date, day) < step < max(entry.date, day) for step in steps)
        ]
    return min(same, key=lambda entry: abs(entry.date - day), default=None)


NO_STEPS = {Action.SIGNATURE, Action.DECLARATION}


def _check_effect(merged: Merged, entry: TreatyAction, column: ActionColumn) -> None:
    """Set the date of effect of a succession; any other must be the one that the treaty gives."""
    given: date | None = merged.row.cells.get(column.effect)
    if given is None:
        return
    if entry.action == Action.SUCCESSION and entry.effect_override is None:
        entry.effect_override = given
        entry.effect_override_reason = BOUND_FROM_INDEPENDENCE
    if entry.effect_override is not None:
        if given != entry.effect_override:
            message = _("The record has %(day)s, with a reason. Change it in the record.")
            merged.report(message % {"day": entry.effect_override}, column.effect)
        return
    by_rule = day_of_effect(entry.treaty, entry.action, entry.date)
    if given != by_rule:
        message = (
            _("Under article 127, a notice of %(day)s takes effect on %(effect)s.")
            if entry.action == Action.WITHDRAWAL_NOTICE
            else _("Under article 126, a deposit of %(day)s takes effect on %(effect)s.")
        )
        merged.report(message % {"day": entry.date, "effect": by_rule}, column.effect)


def _merge_law(merged: Merged, column: LawColumn, today: date) -> None:
    cells = merged.row.cells
    given: tuple[LawStage, LawCoverage | None] | None = cells.get(column.name)
    if given is None:
        _report_strays(merged, column.name, [f"{column.name}_{detail}" for detail in LAW_DETAILS])
        return
    title: str = cells.get(f"{column.name}_title", "")
    of_kind = [law for law in merged.laws if law.kind == column.kind]
    law = _matching_law(of_kind, title)
    if law is None and of_kind and not title:
        if not _agrees(max(of_kind, key=_progress), given):
            message = _("The record has several laws of this kind. Name one in %(column)s_title.")
            merged.report(message % {"column": column.name}, column.name)
        return
    if law is None:
        law = ImplementingLaw(kind=column.kind)
        merged.laws.append(law)
        _set_source(merged, law, column.name)
    if not law.stage or not _agrees(law, given):
        _set_stage(law, given, today)
        _mark_unverified(merged, law)
    _set_details(merged, law, column.name, LAW_DETAILS)
    for detail in ("date", "as_of"):
        day: date | None = cells.get(f"{column.name}_{detail}")
        if day is not None and day > today:
            merged.report(_("The date is in the future."), f"{column.name}_{detail}")


def _set_stage(
    law: ImplementingLaw, given: tuple[LawStage, LawCoverage | None], today: date
) -> None:
    """Set stage and coverage. A new stage has no date yet, and is as of today."""
    stage, coverage = given
    if not law.stage or stage not in {law.stage, SAME_STAGE.get(LawStage(law.stage))}:
        law.stage, law.date, law.as_of = stage, None, today
    law.coverage = coverage or law.coverage


def _matching_law(of_kind: list[ImplementingLaw], title: str) -> ImplementingLaw | None:
    """Find the law that a cell describes: the one with that title, or the only one unless its title differs."""
    for law in of_kind:
        if title and law.title == title:
            return law
    if len(of_kind) == 1 and not (title and of_kind[0].title):
        return of_kind[0]
    return None


def _agrees(law: ImplementingLaw, given: tuple[LawStage, LawCoverage | None]) -> bool:
    """Return whether the law in the record agrees with the file."""
    stage, coverage = given
    return stage in {law.stage, SAME_STAGE.get(LawStage(law.stage))} and coverage in {
        None,
        law.coverage,
    }


def _progress(law: ImplementingLaw) -> int:
    return LawStage.values.index(law.stage)


def _set_source(merged: Merged, entry: TreatyAction | ImplementingLaw, column: str) -> None:
    """Give a new entry the country's sources if the row has none for it. Reports where they are missing or too long."""
    if f"{column}_source" in merged.row.cells:
        return
    entry.source = merged.country.sources.replace("\n", "; ")
    if not 0 < len(entry.source) <= 300:
        message = _("A new entry needs a source: give it in %(column)s_source.") % {
            "column": column
        }
        merged.report(message, column)


def _mark_unverified(merged: Merged, entry: TreatyAction | ImplementingLaw) -> None:
    """Mark an entry that the file changes as to be verified, with the sources of the row."""
    entry.certainty = Certainty.TO_BE_VERIFIED
    sources = merged.row.cells.get("sources", "").replace("\n", "; ")
    if entry.pk is not None and 0 < len(sources) <= 300:
        entry.source = sources


def _set_details(
    merged: Merged, entry: TreatyAction | ImplementingLaw, column: str, details: Iterable[str]
) -> None:
    for detail in details:
        name = f"{column}_{detail}"
        if name in merged.row.cells:
            setattr(entry, detail, merged.row.cells[name])


def _report_strays(merged: Merged, column: str, others: Iterable[str]) -> None:
    """Report cells with details of an entry that the row does not have."""
    if column in merged.row.broken:
        return
    for name in others:
        if name in merged.row.cells:
            message = _("It belongs to %(column)s, which is blank in this row.")
            merged.report(message % {"column": column}, name)


def _check_rules(merged: Merged, today: date) -> None:
    for violation in violations(merged.actions, today=today):
        column = merged.column_of.get(id(violation.act), "")
        message = violation.message
        if not column:
            message = f"{violation.act}: {message}"
        merged.report(message, column)
    given = merged.row.cells.get("status")
    of_statute = [action for action in merged.actions if action.treaty == Treaty.ROME_STATUTE]
    by_actions = History(of_statute).on(today).status
    if given is not None and given != by_actions:
        message = _("By its treaty actions the state is %(status)s on %(day)s.")
        merged.report(message % {"status": by_actions.value, "day": today}, "status")
