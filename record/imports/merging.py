"""Lays a row over the record of its country, in memory, and says which rules the two together break.

A blank cell says nothing and changes nothing. An import adds entries and changes them, and never removes one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.imports.columns import Row
from core.imports.problems import Problem
from record.choices import CONSENTS, Action, Certainty, LawCoverage, LawStage, Status, Treaty
from record.country_names import LANGUAGES, everyday_name, short_form
from record.models import Country, ImplementingLaw, TreatyAction
from record.treaty_rules import day_of_effect, effect, violations

from .columns import (
    CODES,
    KEY,
    LAWS,
    OF_ENTRY,
    OF_LAW,
    PAPERS,
    SAME_WORD,
    SCHEMA,
    LawColumn,
    PaperColumn,
)

BOUND_FROM_INDEPENDENCE = "Succession: bound from independence."


@dataclass
class Merged:
    """A country as it would be after the import, not saved, with what is wrong about its row."""

    country: Country
    row: Row
    actions: list[TreatyAction]
    laws: list[ImplementingLaw]
    problems: list[Problem] = field(default_factory=list)
    # Which column said the day of a paper.
    column_of: dict[int, str] = field(default_factory=dict)

    def complain(self, message: str | Promise, column: str = "") -> None:
        self.problems.append(Problem(message, self.row.line, column))


def merge(row: Row, country: Country, *, today: date) -> Merged:
    """Lay the row over the country. `country` has no key where the record does not have the state yet."""
    stored = country.pk is not None
    merged = Merged(
        country=country,
        row=row,
        actions=list(country.treaty_actions.all()) if stored else [],
        laws=list(country.laws.all()) if stored else [],
    )
    _lay_fields(merged)
    for paper_column in PAPERS:
        _lay_paper(merged, paper_column)
    for law_column in LAWS:
        _lay_law(merged, law_column, today)
    _check_rules(merged, today)
    country.treaty_actions = merged.actions
    country.laws = merged.laws
    return merged


def standing(papers: Iterable[TreatyAction], *, on: date) -> Status:
    """Where a state stands towards the Rome Statute on a day, by its papers: as `Country.objects.as_of` says."""
    known = [p for p in papers if p.treaty == Treaty.ROME_STATUTE and p.date <= on]
    turns = [
        paper
        for paper in known
        if paper.action in {*CONSENTS, Action.WITHDRAWAL_NOTICE}
        and (effect(paper) or date.max) <= on
        and not _taken_back(paper, known)
    ]
    if turns:
        last = max(turns, key=lambda paper: (effect(paper), paper.date))
        return Status.STATE_PARTY if last.is_consent else Status.WITHDRAWN
    signed = any(paper.action == Action.SIGNATURE for paper in known)
    return Status.SIGNATORY if signed else Status.NON_PARTY


def _taken_back(paper: TreatyAction, papers: list[TreatyAction]) -> bool:
    by = Action.INSTRUMENT_WITHDRAWN if paper.is_consent else Action.WITHDRAWAL_NOTICE_REVOKED
    return any(
        other.action == by and paper.date <= other.date < (effect(paper) or date.max)
        for other in papers
    )


def _lay_fields(merged: Merged) -> None:
    country, cells = merged.country, merged.row.cells
    if country.pk is None:
        _begin(merged)
    else:
        for code in CODES:
            if code in cells and cells[code] != getattr(country, code):
                _complain_of_code(merged, code)
    SCHEMA.assign(merged.row, country)
    if "name_en" in cells:
        country.un_name = short_form(cells["name_en"], name=country.name_en)


def _complain_of_code(merged: Merged, code: str) -> None:
    message = _("The record has %(value)s for %(state)s. An import does not change codes.")
    words = {"value": getattr(merged.country, code), "state": merged.country.iso3}
    merged.complain(message % words, code)


def _begin(merged: Merged) -> None:
    """Take codes and names of a state that the record does not have yet."""
    country, cells = merged.country, merged.row.cells
    country.iso3 = cells[KEY]
    for column in (*CODES, "region"):
        if column not in cells and column not in merged.row.broken:
            message = _("The record has no %(state)s yet. A new state needs iso2, m49 and region.")
            merged.complain(message % {"state": country.iso3}, column)
    country.iso2 = cells.get("iso2", "")
    country.m49 = cells.get("m49", "")
    for language in LANGUAGES:
        name = everyday_name(country.iso2, language)
        if country.iso2 and name is None and language == "en":
            merged.complain(_("No state or territory has this code."), "iso2")
        setattr(country, f"name_{language}", name or "")


def _lay_paper(merged: Merged, column: PaperColumn) -> None:
    cells = merged.row.cells
    day: date | None = cells.get(column.name)
    if day is None:
        endings = [f"{column.name}_{ending}" for ending in OF_ENTRY]
        _complain_of_strays(merged, column.name, [*endings, column.kind, column.effect])
        return
    kind: Action | None = cells.get(column.kind)
    paper = _paper_of(merged.actions, column, day) or _new_paper(merged, column, kind)
    merged.column_of[id(paper)] = column.name
    if (paper.date, paper.action) != (day, kind or paper.action):
        paper.date, paper.action = day, kind or paper.action
        _doubt(merged, paper)
    _lay_entry(merged, paper, column.name, OF_ENTRY)
    _lay_effect(merged, paper, column)
    paper.takes_effect_on = effect(paper)


def _new_paper(merged: Merged, column: PaperColumn, kind: Action | None) -> TreatyAction:
    if kind is None and column.kind and column.treaty == Treaty.ROME_STATUTE:
        merged.complain(_("Say what kind of consent it is."), column.kind)
    action = kind or (Action.CONSENT if column.kind else column.actions[0])
    paper = TreatyAction(treaty=column.treaty, action=action)
    merged.actions.append(paper)
    _give_source(merged, paper, column.name)
    return paper


def _paper_of(papers: list[TreatyAction], column: PaperColumn, day: date) -> TreatyAction | None:
    """The paper that a cell is about: one of the same kind, with no other step of the state between the two days.

    A state that left and joined again has two consents: the second is new, not a correction of the first.
    """
    of_treaty = [paper for paper in papers if paper.treaty == column.treaty]
    same = [paper for paper in of_treaty if paper.action in column.actions]
    if column.actions[0] not in {Action.SIGNATURE, Action.DECLARATION}:
        steps = {p.date for p in of_treaty if p not in same and p.action not in _NO_STEPS}
        same = [
            paper
            for paper in same
            if not any(min(paper.date, day) < step < max(paper.date, day) for step in steps)
        ]
    return min(same, key=lambda paper: abs(paper.date - day), default=None)


_NO_STEPS = {Action.SIGNATURE, Action.DECLARATION}


def _lay_effect(merged: Merged, paper: TreatyAction, column: PaperColumn) -> None:
    """Take the day of effect of a succession; any other must be the one that the rule gives."""
    given: date | None = merged.row.cells.get(column.effect)
    if given is None:
        return
    if paper.action == Action.SUCCESSION and paper.effect_override is None:
        paper.effect_override = given
        paper.effect_override_reason = BOUND_FROM_INDEPENDENCE
    if paper.effect_override is not None:
        if given != paper.effect_override:
            message = _("The record has %(day)s, with a reason. Change it there.")
            merged.complain(message % {"day": paper.effect_override}, column.effect)
        return
    by_rule = day_of_effect(paper.treaty, paper.action, paper.date)
    if given != by_rule:
        message = (
            _("By article 127 a notice of %(day)s has effect on %(effect)s.")
            if paper.action == Action.WITHDRAWAL_NOTICE
            else _("By article 126 a deposit of %(day)s has effect on %(effect)s.")
        )
        merged.complain(message % {"day": paper.date, "effect": by_rule}, column.effect)


def _lay_law(merged: Merged, column: LawColumn, today: date) -> None:
    cells = merged.row.cells
    said: tuple[LawStage, LawCoverage | None] | None = cells.get(column.name)
    if said is None:
        _complain_of_strays(merged, column.name, [f"{column.name}_{ending}" for ending in OF_LAW])
        return
    title: str = cells.get(f"{column.name}_title", "")
    of_kind = [law for law in merged.laws if law.kind == column.kind]
    law = _law_of(of_kind, title)
    if law is None and of_kind and not title:
        if not _says(max(of_kind, key=_reach), said):
            message = _("The record has several laws of this kind. Name one in %(column)s_title.")
            merged.complain(message % {"column": column.name}, column.name)
        return
    if law is None:
        law = ImplementingLaw(kind=column.kind)
        merged.laws.append(law)
        _give_source(merged, law, column.name)
    if not law.stage or not _says(law, said):
        _lay_stage(law, said, today)
        _doubt(merged, law)
    _lay_entry(merged, law, column.name, OF_LAW)
    for ending in ("date", "as_of"):
        day: date | None = cells.get(f"{column.name}_{ending}")
        if day is not None and day > today:
            merged.complain(_("The date is in the future."), f"{column.name}_{ending}")


def _lay_stage(
    law: ImplementingLaw, said: tuple[LawStage, LawCoverage | None], today: date
) -> None:
    """A new stage did not begin on the day of the one before: it is known from today, unless the file says more."""
    stage, coverage = said
    if not law.stage or stage not in {law.stage, SAME_WORD.get(LawStage(law.stage))}:
        law.stage, law.date, law.as_of = stage, None, today
    law.coverage = coverage or law.coverage


def _law_of(of_kind: list[ImplementingLaw], title: str) -> ImplementingLaw | None:
    """The law that a cell is about: the one of that title, or the only one, if their titles do not tell them apart."""
    for law in of_kind:
        if title and law.title == title:
            return law
    if len(of_kind) == 1 and not (title and of_kind[0].title):
        return of_kind[0]
    return None


def _says(law: ImplementingLaw, said: tuple[LawStage, LawCoverage | None]) -> bool:
    """Whether the record says of a law what the file says of it."""
    stage, coverage = said
    return stage in {law.stage, SAME_WORD.get(LawStage(law.stage))} and coverage in {
        None,
        law.coverage,
    }


def _reach(law: ImplementingLaw) -> int:
    return LawStage.values.index(law.stage)


def _give_source(merged: Merged, entry: TreatyAction | ImplementingLaw, column: str) -> None:
    """A new entry needs a source: its own, or the country's, if that is short enough."""
    if f"{column}_source" in merged.row.cells:
        return
    entry.source = merged.country.sources.replace("\n", "; ")
    if not 0 < len(entry.source) <= 300:
        message = _("Say in %(column)s_source where a new entry is from.") % {"column": column}
        merged.complain(message, column)


def _doubt(merged: Merged, entry: TreatyAction | ImplementingLaw) -> None:
    """What a file changes of an entry is to be verified anew, and rests on the file's sources, unless it says more."""
    entry.certainty = Certainty.TO_BE_VERIFIED
    sources = merged.row.cells.get("sources", "").replace("\n", "; ")
    if entry.pk is not None and 0 < len(sources) <= 300:
        entry.source = sources


def _lay_entry(
    merged: Merged, entry: TreatyAction | ImplementingLaw, column: str, endings: Iterable[str]
) -> None:
    for ending in endings:
        name = f"{column}_{ending}"
        if name in merged.row.cells:
            setattr(entry, ending, merged.row.cells[name])


def _complain_of_strays(merged: Merged, column: str, others: Iterable[str]) -> None:
    """Cells that tell more of an entry which the row does not give."""
    if column in merged.row.broken:
        return
    for name in others:
        if name in merged.row.cells:
            message = _("It belongs to %(column)s, which the row does not give.")
            merged.complain(message % {"column": column}, name)


def _check_rules(merged: Merged, today: date) -> None:
    for violation in violations(merged.actions, today=today):
        column = merged.column_of.get(id(violation.paper), "")
        message = violation.message
        if not column:
            message = f"{violation.paper}: {message}"
        merged.complain(message, column)
    said = merged.row.cells.get("status")
    by_days = standing(merged.actions, on=today)
    if said is not None and said != by_days:
        message = _("By the days it is %(status)s on %(day)s.")
        merged.complain(message % {"status": by_days.value, "day": today}, "status")
