"""The columns of a file: what a cell of each may hold, and which entry of the record it is about.

`docs/editors.md` has them in words.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from regions.choices import (
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

from .cells import Parser, code, day, line, lines, link, one_of

KEY = "iso3"
NOTE_LENGTH = 5000

# The fields of a country by the columns that hold them. `name_en` is the short form at the United Nations.
COUNTRY_FIELDS = {
    "name_fr": "name_fr",
    "name_es": "name_es",
    "name_ar": "name_ar",
    "region": "region",
    "un_regional_group": "un_group",
    "notes": "note",
    "sources": "sources",
}
# They say which state the row is about, and so are not changed by an import.
CODES = ("iso2", "m49")


@dataclass(frozen=True)
class PaperColumn:
    """A column with the day of a treaty action: of one of `actions`, named in `kind` where that column is."""

    name: str
    treaty: Treaty
    actions: tuple[Action, ...]
    kind: str = ""
    effect: str = ""


@dataclass(frozen=True)
class LawColumn:
    """A column with how far the laws of a kind are."""

    name: str
    kind: LawKind


def _of_treaty(treaty: Treaty, name: str) -> PaperColumn:
    return PaperColumn(name, treaty, CONSENTS, kind=f"{name}_kind")


PAPERS = (
    PaperColumn("signed", Treaty.ROME_STATUTE, (Action.SIGNATURE,)),
    PaperColumn(
        "consent_date", Treaty.ROME_STATUTE, CONSENTS, kind="consent_kind", effect="in_force"
    ),
    PaperColumn("instrument_taken_back", Treaty.ROME_STATUTE, (Action.INSTRUMENT_TAKEN_BACK,)),
    PaperColumn(
        "withdrawal_notified",
        Treaty.ROME_STATUTE,
        (Action.WITHDRAWAL_NOTICE,),
        effect="withdrawal_effective",
    ),
    PaperColumn("withdrawal_taken_back", Treaty.ROME_STATUTE, (Action.NOTICE_TAKEN_BACK,)),
    PaperColumn("declared_not_party", Treaty.ROME_STATUTE, (Action.DECLARATION,)),
    _of_treaty(Treaty.AGGRESSION_2010, "kampala_aggression"),
    *(
        _of_treaty(treaty, treaty.value)
        for treaty in Treaty
        if treaty not in {Treaty.ROME_STATUTE, Treaty.AGGRESSION_2010}
    ),
)
LAWS = (
    LawColumn("complementarity_law", LawKind.COMPLEMENTARITY),
    LawColumn("cooperation_law", LawKind.COOPERATION),
)

# The stage and coverage that the word for a law says; neither of one that is unknown.
LAW_WORDS: dict[str, tuple[LawStage, LawCoverage | None] | None] = {
    "enacted": (LawStage.ENACTED, LawCoverage.FULL),
    "partial": (LawStage.ENACTED, LawCoverage.PARTIAL),
    "draft": (LawStage.DRAFTING, None),
    "none": (LawStage.NONE, None),
    "unknown": None,
}
# A file tells fewer stages apart than the record: these are what its words mean as well.
SAME_WORD = {
    LawStage.AMENDED: LawStage.ENACTED,
    LawStage.BEFORE_PARLIAMENT: LawStage.DRAFTING,
}
KINDS = {action.value: action for action in CONSENTS}
REGIONS = {region.value: region for region in Region} | {"mena": Region.MIDDLE_EAST_NORTH_AFRICA}

# What may be said of an entry besides: the ending of the column's name, and what the cell may hold.
OF_ENTRY: dict[str, Parser] = {
    "source": line(300),
    "certainty": one_of({value: value for value in Certainty.values}),
    "note": lines(NOTE_LENGTH),
}
OF_LAW: dict[str, Parser] = {
    **OF_ENTRY,
    "title": line(300),
    "date": day,
    "as_of": day,
    "link": link,
}


def _columns() -> dict[str, Parser]:
    columns: dict[str, Parser] = {
        "iso2": code("[A-Z]{2}", _("two capital letters.")),
        KEY: code("[A-Z]{3}", _("three capital letters.")),
        "m49": code("[0-9]{3}", _("three digits.")),
        **{f"name_{language}": line(80) for language in ("en", "fr", "es", "ar")},
        "region": one_of(REGIONS),
        "un_regional_group": one_of({value: value for value in UNGroup.values}),
        "status": one_of({value: value for value in Status.values}),
        "notes": lines(NOTE_LENGTH),
        "sources": lines(NOTE_LENGTH),
    }
    for paper in PAPERS:
        columns[paper.name] = day
        columns |= {paper.kind: one_of(KINDS)} if paper.kind else {}
        columns |= {paper.effect: day} if paper.effect else {}
        columns |= {f"{paper.name}_{ending}": parser for ending, parser in OF_ENTRY.items()}
    for law in LAWS:
        columns[law.name] = one_of(LAW_WORDS)
        columns |= {f"{law.name}_{ending}": parser for ending, parser in OF_LAW.items()}
    return columns


COLUMNS = _columns()
