"""The columns of the table to download, and what each means. New ones come last, and none changes its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.spreadsheet import escape_formulas
from record.choices import (
    CONSENTS,
    Certainty,
    GenderProvisions,
    LawCoverage,
    LawStage,
    Region,
    Status,
    UNGroup,
)


@dataclass(frozen=True)
class Column:
    """A column: its name, which is that of a field or annotation, what it means, and the values it may have."""

    name: str
    meaning: str | Promise
    choices: Sequence[tuple[str, str | Promise]] = ()


COLUMNS = (
    Column("iso2", _("ISO 3166 code of two letters.")),
    Column("iso3", _("ISO 3166 code of three letters.")),
    Column("m49", _("UN M49 code: three digits, of which the first may be 0.")),
    Column("name_en", _("Name in English.")),
    Column("name_fr", _("Name in French.")),
    Column("name_es", _("Name in Spanish.")),
    Column("name_ar", _("Name in Arabic.")),
    Column("un_name", _("Short form at the United Nations, where it differs from the name.")),
    Column("region", _("Region of the Coalition’s work."), Region.choices),
    Column("un_group", _("Regional group at the United Nations."), UNGroup.choices),
    Column("status", _("Status of the state under the Rome Statute."), Status.choices),
    Column(
        "since",
        _("Date since which the status has applied. Empty if the state has taken no action."),
    ),
    Column("signed_on", _("Date of signature.")),
    Column(
        "consent_kind",
        _("Instrument by which the state last consented to be bound."),
        [(action.value, action.label) for action in CONSENTS],
    ),
    Column("consented_on", _("Date of deposit of that instrument.")),
    Column("in_force_on", _("Date of entry into force for the state.")),
    Column("joins_on", _("Future date on which a deposited instrument takes effect.")),
    Column("leaves_on", _("Future date on which a notice of withdrawal takes effect.")),
    Column(
        "declared_on",
        _("Date on which the state declared that it does not intend to become a party."),
    ),
    Column(
        "status_certainty",
        _("Certainty of the treaty action behind the status."),
        Certainty.choices,
    ),
    Column(
        "pending_certainty",
        _("Certainty of the treaty action still to take effect."),
        Certainty.choices,
    ),
    Column(
        "complementarity_stage",
        _("Stage of its most advanced complementarity law. Empty if no law is known."),
        LawStage.choices,
    ),
    Column("complementarity_coverage", _("Coverage of that law."), LawCoverage.choices),
    Column(
        "complementarity_gender_provisions",
        _("Whether that law covers sexual and gender-based crimes."),
        GenderProvisions.choices,
    ),
    Column(
        "complementarity_certainty", _("Certainty of the entry on that law."), Certainty.choices
    ),
    Column(
        "cooperation_stage",
        _(
            "Stage of its most advanced law on cooperation with the Court. Empty if no law is known."
        ),
        LawStage.choices,
    ),
    Column("cooperation_coverage", _("Coverage of that law."), LawCoverage.choices),
    Column("cooperation_certainty", _("Certainty of the entry on that law."), Certainty.choices),
    Column("ask", _("What the Coalition asks of the state that year, if it is a focus country.")),
    Column(
        "apic_on",
        _("Date of deposit for the Agreement on the Privileges and Immunities of the Court."),
    ),
    Column(
        "aggression_on",
        _("Date of deposit for the amendments on the crime of aggression."),
    ),
    Column("verified_on", _("Date on which the Coalition last verified the entry.")),
    Column("as_of", _("Date to which the row refers, in UTC.")),
    Column("record_version", _("Version of the record from which the row was taken.")),
)


def line(country: Any, *, on: date, stamp: str) -> list[str]:
    """The cells of a country from `Country.objects.for_download`.

    Days are written 2002-07-01, what is not known is empty, and nothing is a formula to a spreadsheet.
    """
    of_all = {"as_of": on, "record_version": stamp}
    values = (
        of_all[column.name] if column.name in of_all else getattr(country, column.name)
        for column in COLUMNS
    )
    return ["" if value is None else escape_formulas(str(value)) for value in values]
