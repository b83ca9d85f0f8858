"""Offers the tracker as a CSV file, with a page that explains its columns.

New columns are added at the end, and no column is renamed, because programs read them.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import http_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page, require_safe

from core.days import today
from core.language import current_language
from core.metadata import absolute
from core.spreadsheet import escape_formulas
from record.choices import (
    CONSENTS,
    Certainty,
    GenderProvisions,
    LawCoverage,
    LawKind,
    LawStage,
    Region,
    Status,
    Treaty,
    UNGroup,
)
from record.memory import CountryOnDay, Record, current_record

from .filters import TrackerQuery
from .views import PARENTS


@dataclass(frozen=True)
class Column:
    """A column: its name, its meaning, its possible values, and a function that reads its cell.

    Without `read`, the cell is the field of the country with the name of the column.
    """

    name: str
    meaning: str | Promise
    choices: Sequence[tuple[str, str | Promise]] = ()
    read: Callable[[CountryOnDay], Any] | None = None

    def value(self, state: CountryOnDay) -> Any:
        """Return the value for a state, or None if it is not known."""
        return self.read(state) if self.read else getattr(state.country, self.name)


def _standing(name: str) -> Callable[[CountryOnDay], Any]:
    return lambda state: getattr(state.standing, name)


def _certainty(name: str) -> Callable[[CountryOnDay], Any]:
    """Read the certainty of an action of the standing."""
    return lambda state: getattr(getattr(state.standing, name), "certainty", None)


def _consent(name: str) -> Callable[[CountryOnDay], Any]:
    return lambda state: getattr(state.standing.consent, name, None)


def _law(kind: LawKind, name: str) -> Callable[[CountryOnDay], Any]:
    return lambda state: getattr(state.law(kind), name, None)


def _deposit(treaty: Treaty) -> Callable[[CountryOnDay], Any]:
    return lambda state: getattr(state.deposit(treaty), "date", None)


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
    Column(
        "status",
        _("Status of the state under the Rome Statute."),
        Status.choices,
        read=_standing("status"),
    ),
    Column(
        "since",
        _("Date since which the status has applied. Empty if the state has taken no action."),
        read=_standing("since"),
    ),
    Column("signed_on", _("Date of signature."), read=_standing("signed_on")),
    Column(
        "consent_kind",
        _("Instrument by which the state last consented to be bound."),
        [(action.value, action.label) for action in CONSENTS],
        read=_consent("action"),
    ),
    Column(
        "consented_on", _("Date of deposit of that instrument."), read=_standing("consented_on")
    ),
    Column(
        "in_force_on",
        _("Date of entry into force for the state."),
        read=_consent("takes_effect_on"),
    ),
    Column(
        "joins_on",
        _("Future date on which a deposited instrument takes effect."),
        read=_standing("joins_on"),
    ),
    Column(
        "leaves_on",
        _("Future date on which a notice of withdrawal takes effect."),
        read=_standing("leaves_on"),
    ),
    Column(
        "declared_on",
        _("Date on which the state declared that it does not intend to become a party."),
        read=_standing("declared_on"),
    ),
    Column(
        "status_certainty",
        _("Certainty of the treaty action behind the status."),
        Certainty.choices,
        read=_certainty("basis"),
    ),
    Column(
        "pending_certainty",
        _("Certainty of the treaty action still to take effect."),
        Certainty.choices,
        read=_certainty("pending"),
    ),
    Column(
        "complementarity_stage",
        _("Stage of its most advanced complementarity law. Empty if no law is known."),
        LawStage.choices,
        read=_law(LawKind.COMPLEMENTARITY, "stage"),
    ),
    Column(
        "complementarity_coverage",
        _("Coverage of that law."),
        LawCoverage.choices,
        read=_law(LawKind.COMPLEMENTARITY, "coverage"),
    ),
    Column(
        "complementarity_gender_provisions",
        _("Whether that law covers sexual and gender-based crimes."),
        GenderProvisions.choices,
        read=_law(LawKind.COMPLEMENTARITY, "gender_provisions"),
    ),
    Column(
        "complementarity_certainty",
        _("Certainty of the entry on that law."),
        Certainty.choices,
        read=_law(LawKind.COMPLEMENTARITY, "certainty"),
    ),
    Column(
        "cooperation_stage",
        _(
            "Stage of its most advanced law on cooperation with the Court. Empty if no law is known."
        ),
        LawStage.choices,
        read=_law(LawKind.COOPERATION, "stage"),
    ),
    Column(
        "cooperation_coverage",
        _("Coverage of that law."),
        LawCoverage.choices,
        read=_law(LawKind.COOPERATION, "coverage"),
    ),
    Column(
        "cooperation_certainty",
        _("Certainty of the entry on that law."),
        Certainty.choices,
        read=_law(LawKind.COOPERATION, "certainty"),
    ),
    Column(
        "ask",
        _("What the Coalition asks of the state that year, if it is a focus country."),
        read=lambda state: state.ask,
    ),
    Column(
        "apic_on",
        _("Date of deposit for the Agreement on the Privileges and Immunities of the Court."),
        read=_deposit(Treaty.APIC),
    ),
    Column(
        "aggression_on",
        _("Date of deposit for the amendments on the crime of aggression."),
        read=_deposit(Treaty.AGGRESSION_2010),
    ),
    Column("verified_on", _("Date on which the Coalition last verified the entry.")),
    Column("as_of", _("Date to which the row refers, in UTC."), read=lambda state: state.day),
    Column("record_version", _("Version of the record from which the row was taken.")),
)


def line(state: CountryOnDay, *, stamp: str) -> list[str]:
    """Return the cells of a state on a day.

    Dates are written 2002-07-01, unknown values are empty, and formulas are escaped.
    """
    values = (
        stamp if column.name == "record_version" else column.value(state) for column in COLUMNS
    )
    return ["" if value is None else escape_formulas(str(value)) for value in values]


# Without it, Excel reads the file in the local code page and garbles accents. Most other programs skip it.
BYTE_ORDER_MARK = "\ufeff"


@require_safe
@conditional_page
def csv_view(request: HttpRequest) -> HttpResponse:
    """Respond at `/tracker/countries.csv` with a line for each state that matches. 400 for invalid filters."""
    query = TrackerQuery.from_params(request.GET)
    if query.errors:
        reasons = (f"{name}: {' '.join(errors)}\n" for name, errors in query.errors.items())
        return HttpResponse(
            "".join(reasons),
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.BAD_REQUEST,
        )
    record = current_record()
    response = HttpResponse(_table(query, record), content_type="text/csv; charset=utf-8")
    name = f"rome-statute-states-{query.on:%Y-%m-%d}-record-{record.stamp}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    if record.version:
        # Statuses change at midnight without a change to the record.
        midnight = datetime.combine(min(query.on, today()), time.min, UTC)
        response["Last-Modified"] = http_date(max(record.version.made_at, midnight).timestamp())
    dictionary = absolute(reverse("tracker_dictionary"))
    response["Link"] = f'<{dictionary}>; rel="describedby"; type="text/html"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _table(query: TrackerQuery, record: Record) -> bytes:
    states = query.select(record.on(query.on), current_language())
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(column.name for column in COLUMNS)
    writer.writerows(line(state, stamp=record.stamp) for state in states)
    return (BYTE_ORDER_MARK + file.getvalue()).encode()


@require_safe
def dictionary_view(request: HttpRequest) -> HttpResponse:
    """Respond at `/tracker/data-dictionary/` with the meaning and possible values of each column."""
    context = {
        "title": gettext("Data dictionary of the tracker"),
        "description": gettext(
            "The columns of the table of states to download, and what each means."
        ),
        "columns": COLUMNS,
        "parents": PARENTS,
    }
    return render(request, "tracker/dictionary.html", context)
