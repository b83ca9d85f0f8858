"""The schemas of the responses. Days are UTC. Members without a value are null, never left out."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from django.db.models import TextChoices
from django.utils.encoding import force_str
from ninja import Schema
from pydantic import BeforeValidator, Field

from record import choices
from record.choices import (
    Action,
    Cause,
    Certainty,
    ChangeKind,
    GenderProvisions,
    LawCoverage,
    LawKind,
    LawStage,
    Region,
    Status,
    Treaty,
    UNGroup,
)

ISO3 = "^[A-Z]{3}$"
ISO3_WORDS = "ISO 3166-1 code of three letters."
Iso3 = Annotated[str, Field(pattern=ISO3, description=ISO3_WORDS, examples=["KEN"])]
Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]
# The database stores missing text as "".
Words = Annotated[str | None, BeforeValidator(lambda value: value or None)]
Link = Annotated[Address | None, BeforeValidator(lambda value: value or None)]


class Names(Schema):
    """The name of a state in the languages of the site."""

    en: str = Field(examples=["Kenya"])
    fr: str = Field(examples=["Kenya"])
    es: str = Field(examples=["Kenia"])
    ar: str = Field(examples=["كينيا"])


class LawProgress(Schema):
    """The stage and coverage of the state's most advanced law of a kind on the day."""

    stage: LawStage
    coverage: LawCoverage


class CountrySummary(Schema):
    """The status of a state under the Rome Statute on the day of the response."""

    iso3: Iso3
    iso2: str = Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 code of two letters.")
    m49: str = Field(pattern="^[0-9]{3}$", description="UN M49 code.")
    names: Names
    un_name: Words = Field(
        description="Short form at the United Nations, in English, where it differs."
    )
    region: Region
    un_group: UNGroup | None
    status: Status
    since: dt.date | None = Field(
        description="The first day of this status: entry into force, signature or withdrawal. Null for a state that "
        "never acted."
    )
    signed_on: dt.date | None = Field(description="The day of signature.")
    consented_on: dt.date | None = Field(
        description="The day on which the instrument of ratification, acceptance, approval, accession or succession "
        "was deposited."
    )
    joins_on: dt.date | None = Field(
        description="The future date, known on the day, on which the state becomes a State Party."
    )
    leaves_on: dt.date | None = Field(
        description="The future date, known on the day, on which a notice of withdrawal takes effect. Until then the "
        "state is a State Party."
    )
    declared_on: dt.date | None = Field(
        description="The day on which the state declared that it does not intend to become a party."
    )
    in_words: str = Field(
        description="The status as a sentence in English.",
        examples=["State Party since 1 June 2005"],
    )
    complementarity: LawProgress | None = Field(
        description="Laws by which it can prosecute the Statute's crimes itself. Null if not known."
    )
    cooperation: LawProgress | None = Field(
        description="Laws by which it can cooperate with the Court. Null if not known."
    )
    ask: str | None = Field(
        description="The Coalition's ask of a focus country in that year, in English. Null if not in focus."
    )
    verified_on: dt.date | None = Field(
        description="The day on which the secretariat last verified the entry."
    )
    url: Address | None = Field(description="The page of the country, in English.")
    record: Address = Field(description="The full record of the country, in this API.")


class TreatyActionRecord(Schema):
    """An act of a state under a treaty, as notified to the depositary."""

    treaty: Treaty
    action: Action
    date: dt.date = Field(description="Of signature, deposit, or receipt by the depositary.")
    takes_effect_on: dt.date | None = Field(
        description="By the treaty's rule: Rome Statute, art. 126 and 127. Null if the action has no effect of its "
        "own or the treaty is not in force."
    )
    effect_override_reason: Words = Field(
        description="The reason why it takes effect on a day other than that of the rule."
    )
    source: str
    certainty: Certainty
    note: Words


class LawRecord(Schema):
    """A law by which a state can prosecute the Statute's crimes itself, or cooperate with the Court."""

    kind: LawKind
    stage: LawStage
    coverage: LawCoverage
    gender_provisions: GenderProvisions
    title: Words
    date: dt.date | None = Field(description="The day on which it reached this stage.")
    link: Link
    source: str
    certainty: Certainty
    note: Words


class FocusYearRecord(Schema):
    """A year in which the Coalition publicly asks a state to act."""

    year: int = Field(examples=[2026])
    ask: str = Field(description="The ask, in English.")


class AmendmentRecord(Schema):
    """An amendment to the Statute that the state has accepted by the day of the response."""

    treaty: Treaty
    accepted_on: dt.date
    takes_effect_on: dt.date | None


class NationalCoalition(Schema):
    """The coalition of civil society in the country."""

    name: str
    link: Link


class CountryRecord(CountrySummary):
    """The full record of a state. It holds all actions and laws, whatever the day."""

    treaty_actions: list[TreatyActionRecord] = Field(description="Earliest first.")
    laws: list[LawRecord]
    amendments: list[AmendmentRecord]
    focus_years: list[FocusYearRecord] = Field(description="Latest first.")
    national_coalition: NationalCoalition | None
    note: Words
    sources: Words


class Stamped(Schema):
    """A response with the version of the record that it shows."""

    record_version: str | None = Field(
        pattern=r"^\d{4}-\d{2}-\d{2}\.\d+$",
        description="The version of the record, for citations: the day of its last change and a growing number. Null "
        "while the record is empty.",
        examples=["2026-11-22.17"],
    )


class CountryList(Stamped):
    """States on a day, or a part of the list."""

    as_of: dt.date = Field(description="The day (UTC) to which the statuses refer.")
    total: int = Field(
        description="The number of states that match the filters, in all parts.", ge=0
    )
    next: Address | None = Field(description="The address of the next part. Null in the last part.")
    countries: list[CountrySummary] = Field(description="Sorted by `iso3`.")


class CountryAnswer(Stamped):
    """One state on a day."""

    as_of: dt.date = Field(description="The day (UTC) to which the status refers.")
    country: CountryRecord


class Change(Schema):
    """A change to one entry of a country's record."""

    id: int
    record_version: str = Field(description="The version that the change made.")
    changed_at: dt.datetime
    cause: Cause
    country: Iso3
    country_names: Names
    kind: ChangeKind
    entry: Literal["country", "treaty_action", "law", "focus_year"]
    changed: list[str] = Field(description="The names of the fields that differ.")
    before: dict[str, Any] | None = Field(
        description="The fields before the change, as stored: missing text is empty. Null if the entry was added."
    )
    after: dict[str, Any] | None = Field(
        description="The fields after the change. Null if the entry was removed."
    )


class ChangeList(Stamped):
    """Changes, or a part of the list."""

    next: Address | None = Field(description="The address of the next part. Null in the last part.")
    changes: list[Change] = Field(description="Latest first.")


class Counts(Schema):
    """The numbers of states by status today."""

    state_party: int = Field(description="States Parties, including those that are withdrawing.")
    signatory: int = Field(description="Signed and not ratified.")
    withdrawn: int
    non_party: int = Field(description="Neither signed nor joined.")
    leaving: int = Field(description="The States Parties that have given notice of withdrawal.")
    total: int = Field(description="All states of the record.")


class Links(Schema):
    """Links to the rest of the API and to the tracker."""

    countries: Address = Field(description="The status of states, in this API.")
    changes: Address = Field(description="Changes to the record, in this API.")
    openapi: Address = Field(description="This API in OpenAPI 3.1.")
    documentation: Address = Field(description="The documentation as a page.")
    tracker: Address = Field(description="The record as a page, with its map.")


class Overview(Stamped):
    """An overview of the API and the version of the record that it shows."""

    name: str
    changed_at: dt.datetime | None = Field(description="When the record last changed.")
    as_of: dt.date = Field(description="Today (UTC), the day of the counts.")
    counts: Counts
    terms: str = Field(description="The terms of use of the data.")
    citation: str = Field(description="The citation of this version of the record.")
    links: Links


VOCABULARIES: tuple[type[TextChoices], ...] = (
    choices.Action,
    choices.Cause,
    choices.Certainty,
    choices.ChangeKind,
    choices.GenderProvisions,
    choices.LawCoverage,
    choices.LawKind,
    choices.LawStage,
    choices.Region,
    choices.Status,
    choices.Treaty,
    choices.UNGroup,
)


def describe_vocabularies(schemas: dict[str, Any]) -> None:
    """Describe the schema of each vocabulary by its first line and its values."""
    for vocabulary in VOCABULARIES:
        first_line = (vocabulary.__doc__ or "").partition("\n")[0]
        schemas[vocabulary.__name__]["description"] = (
            f"{first_line} {values_with_labels(vocabulary.choices)}"
        )


def values_with_labels(values: Iterable[Any]) -> str:
    """Return the values with their labels, in Markdown."""
    return "; ".join(f"`{value}`: {force_str(label)}" for value, label in values) + "."
