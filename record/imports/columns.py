"""Declares the columns of a file of states: the values of each, and the entry of the record that it sets.

`docs/editors.md` describes them for staff.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from core.imports.cells import Parser, code, day, line, lines, link, one_of
from core.imports.columns import Column, Schema
from core.language import language_codes
from record.choices import (
    CONSENTS,
    Action,
    Certainty,
    LawCoverage,
    LawKind,
    LawStage,
    Region,
    Status,
    Treaty,
    UNGroup,
)

KEY = "iso3"
NOTE_LENGTH = 5000
MAX_BYTES = 2 * 1024 * 1024
# ISO 3166 has some 250 codes of countries.
MAX_ROWS = 1000

# They identify the state, so an import does not change them.
CODES = ("iso2", "m49")


@dataclass(frozen=True)
class ActionColumn:
    """A column with the date of a treaty action.

    `kind` is the column that says which of several `actions` it was, `effect` the column of its date of effect.
    """

    name: str
    help_text: str | Promise
    actions: tuple[Action, ...]
    treaty: Treaty = Treaty.ROME_STATUTE
    kind: str = ""
    effect: str = ""


@dataclass(frozen=True)
class LawColumn:
    """A column with the status of the laws of a kind."""

    name: str
    help_text: str | Promise
    kind: LawKind


def _of_treaty(treaty: Treaty, name: str) -> ActionColumn:
    return ActionColumn(name, treaty.label, CONSENTS, treaty, kind=f"{name}_kind")


ACTIONS = (
    ActionColumn("signed", _("Date of signature"), (Action.SIGNATURE,)),
    ActionColumn(
        "consent_date",
        _("Date of deposit of the instrument by which the state consented to be bound"),
        CONSENTS,
        kind="consent_kind",
        effect="in_force",
    ),
    ActionColumn(
        "instrument_withdrawn",
        _("Date on which an instrument was withdrawn before it took effect"),
        (Action.INSTRUMENT_WITHDRAWN,),
    ),
    ActionColumn(
        "withdrawal_notified",
        _("Date on which the depositary received a notice of withdrawal"),
        (Action.WITHDRAWAL_NOTICE,),
        effect="withdrawal_effective",
    ),
    ActionColumn(
        "withdrawal_notice_revoked",
        _("Date on which a notice of withdrawal was revoked before it took effect"),
        (Action.WITHDRAWAL_NOTICE_REVOKED,),
    ),
    ActionColumn(
        "declared_not_party",
        _("Date of a declaration not to become a party"),
        (Action.DECLARATION,),
    ),
    _of_treaty(Treaty.AGGRESSION_2010, "kampala_aggression"),
    *(
        _of_treaty(treaty, treaty.value)
        for treaty in Treaty
        if treaty not in {Treaty.ROME_STATUTE, Treaty.AGGRESSION_2010}
    ),
)
LAWS = (
    LawColumn(
        "complementarity_law",
        _("Law that makes the Statute's crimes punishable under national law"),
        LawKind.COMPLEMENTARITY,
    ),
    LawColumn("cooperation_law", _("Law on cooperation with the Court"), LawKind.COOPERATION),
)

# Stage and coverage by the status of a law in a file. None if it is unknown.
LAW_STATUSES: dict[str, tuple[LawStage, LawCoverage | None] | None] = {
    "enacted": (LawStage.ENACTED, LawCoverage.FULL),
    "partial": (LawStage.ENACTED, LawCoverage.PARTIAL),
    "draft": (LawStage.DRAFTING, None),
    "none": (LawStage.NONE, None),
    "unknown": None,
}
# A file distinguishes fewer stages than the record: it writes these as the stage they map to.
SAME_STAGE = {
    LawStage.AMENDED: LawStage.ENACTED,
    LawStage.BEFORE_PARLIAMENT: LawStage.DRAFTING,
}
KINDS = {action.value: action for action in CONSENTS}
REGIONS = {region.value: region for region in Region} | {"mena": Region.MIDDLE_EAST_NORTH_AFRICA}

# Further columns of an entry, by the ending of their names.
ENTRY_DETAILS: dict[str, Parser] = {
    "source": line(300),
    "certainty": one_of(Certainty.values),
    "note": lines(NOTE_LENGTH),
}
LAW_DETAILS: dict[str, Parser] = {
    **ENTRY_DETAILS,
    "title": line(300),
    "date": day,
    "as_of": day,
    "link": link,
}


def _name_column(language: str) -> tuple[str, Column]:
    name = f"name_{language}"
    return name, Column(line(80), f"Name in {get_language_info(language)['name']}", attribute=name)


# Columns about the state itself. `name_en` is the short form at the United Nations.
OF_STATE = {
    KEY: Column(
        code("[A-Z]{3}", _("three capital letters")),
        _("The state's ISO code of three letters. The only column that must be there."),
    ),
    "iso2": Column(
        code("[A-Z]{2}", _("two capital letters")),
        _("ISO code of two letters. A new state needs it."),
    ),
    "m49": Column(code("[0-9]{3}", _("three digits")), _("UN M49 code. A new state needs it.")),
    "name_en": Column(line(80), _("Short form at the United Nations, in English")),
    **dict(_name_column(code) for code in language_codes() if code != "en"),
    "region": Column(
        one_of(REGIONS), _("The Coalition's region. A new state needs it."), attribute="region"
    ),
    "un_regional_group": Column(
        one_of(UNGroup.values), _("Regional group at the United Nations"), attribute="un_group"
    ),
    "status": Column(
        one_of(Status.values),
        _("Status of the state today. It is not stored; it must agree with the dates."),
    ),
    "notes": Column(lines(NOTE_LENGTH), _("Note, shown to the public"), attribute="note"),
    "sources": Column(
        lines(NOTE_LENGTH),
        _("Sources of the row, and of each entry without a source of its own"),
        attribute="sources",
    ),
}


def _of_action(action: ActionColumn) -> Iterator[tuple[str, Column]]:
    yield action.name, Column(day, action.help_text)
    if action.kind:
        yield action.kind, Column(one_of(KINDS), _("Kind of that instrument"))
    if action.effect:
        yield (
            action.effect,
            Column(
                day, _("Date on which it takes effect. It must be the one that the Statute gives.")
            ),
        )
    yield from (
        (f"{action.name}_{detail}", Column(parse)) for detail, parse in ENTRY_DETAILS.items()
    )


def _of_law(law: LawColumn) -> Iterator[tuple[str, Column]]:
    yield law.name, Column(one_of(LAW_STATUSES), law.help_text)
    yield from ((f"{law.name}_{detail}", Column(parse)) for detail, parse in LAW_DETAILS.items())


SCHEMA = Schema(
    columns={
        **OF_STATE,
        **dict(column for action in ACTIONS for column in _of_action(action)),
        **dict(column for law in LAWS for column in _of_law(law)),
    },
    key=KEY,
    missing_key=_("There is no column iso3: it identifies the state of a row."),
    blank_key=_("The row does not name a state."),
    max_bytes=MAX_BYTES,
    max_rows=MAX_ROWS,
)
