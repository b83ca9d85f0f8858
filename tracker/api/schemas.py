"""The shapes of the answers. Days are UTC; what is nothing is null and never left out."""

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
# In the database what is nothing is empty.
Words = Annotated[str | None, BeforeValidator(lambda value: value or None)]
Link = Annotated[Address | None, BeforeValidator(lambda value: value or None)]


class Names(Schema):
    """The name of a state in the languages of the site."""

    en: str = Field(examples=["Kenya"])
    fr: str = Field(examples=["Kenya"])
    es: str = Field(examples=["Kenia"])
    ar: str = Field(examples=["كينيا"])


class LawProgress(Schema):
    """How far a state is with its laws of one kind: its furthest law on the day."""

    stage: LawStage
    coverage: LawCoverage


class CountrySummary(Schema):
    """Where a state stands towards the Rome Statute on the day of the answer."""

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
        description="Known on the day and still to come: becomes a State Party."
    )
    leaves_on: dt.date | None = Field(
        description="Known on the day and still to come: a notice of withdrawal takes effect. Until then the state is "
        "a State Party."
    )
    declared_on: dt.date | None = Field(
        description="The day on which it declared that it does not intend to become a party."
    )
    in_words: str = Field(
        description="The same in words, in English.", examples=["State Party since 1 June 2005"]
    )
    complementarity: LawProgress | None = Field(
        description="Laws by which it can try the Statute's crimes itself. Null: not known."
    )
    cooperation: LawProgress | None = Field(
        description="Laws by which it can work with the Court. Null: not known."
    )
    ask: str | None = Field(
        description="What the Coalition asks of a focus country in the year of the day, in English. Null: not in focus."
    )
    verified_on: dt.date | None = Field(description="When the secretariat last verified the entry.")
    url: Address | None = Field(description="The page of the country, in English.")
    record: Address = Field(description="The full record of the country, in this API.")


class TreatyActionRecord(Schema):
    """What a state did about a treaty, as the depositary was told."""

    treaty: Treaty
    action: Action
    date: dt.date = Field(description="Of signature, deposit, or receipt by the depositary.")
    takes_effect_on: dt.date | None = Field(
        description="By the treaty's own rule: Rome Statute, art. 126 and 127. Null where it has no effect of its own "
        "or the treaty is not in force."
    )
    effect_override_reason: Words = Field(
        description="Why it takes effect on another day than the rule gives."
    )
    source: str
    certainty: Certainty
    note: Words


class LawRecord(Schema):
    """A law that lets a state try the Statute's crimes itself, or work with the Court."""

    kind: LawKind
    stage: LawStage
    coverage: LawCoverage
    gender_provisions: GenderProvisions
    title: Words
    date: dt.date | None = Field(description="When it came to this stage.")
    link: Link
    source: str
    certainty: Certainty
    note: Words


class FocusYearRecord(Schema):
    """A year in which the Coalition asks a state publicly to act."""

    year: int = Field(examples=[2026])
    ask: str = Field(description="What it asks, in English.")


class AmendmentRecord(Schema):
    """An amendment of the Statute that the state has accepted by the day of the answer."""

    treaty: Treaty
    accepted_on: dt.date
    takes_effect_on: dt.date | None


class NationalCoalition(Schema):
    """The coalition of civil society in the country."""

    name: str
    link: Link


class CountryRecord(CountrySummary):
    """All that the record holds of a state. Actions and laws are all there, whatever the day."""

    treaty_actions: list[TreatyActionRecord] = Field(description="The earliest first.")
    laws: list[LawRecord]
    amendments: list[AmendmentRecord]
    focus_years: list[FocusYearRecord] = Field(description="The latest first.")
    national_coalition: NationalCoalition | None
    note: Words
    sources: Words


class Stamped(Schema):
    """Which state of the record an answer shows."""

    record_version: str | None = Field(
        pattern=r"^\d{4}-\d{2}-\d{2}\.\d+$",
        description="The version of the record, to be cited: the day of its last change and a number that grows. Null "
        "while the record is empty.",
        examples=["2026-11-22.17"],
    )


class CountryList(Stamped):
    """States on a day, or a part of them."""

    as_of: dt.date = Field(description="The day (UTC) on which the states stand so.")
    total: int = Field(description="How many states the filters leave, in all parts.", ge=0)
    next: Address | None = Field(description="The next part. Null: this is the last.")
    countries: list[CountrySummary] = Field(description="In the order of `iso3`.")


class CountryAnswer(Stamped):
    """One state on a day."""

    as_of: dt.date = Field(description="The day (UTC) on which the state stands so.")
    country: CountryRecord


class Change(Schema):
    """One entry of a country's record that changed."""

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
        description="The fields as the record holds them: a text that is nothing is empty. Null: it was added."
    )
    after: dict[str, Any] | None = Field(description="The same after it. Null: it was removed.")


class ChangeList(Stamped):
    """Changes, or a part of them."""

    next: Address | None = Field(description="The next part. Null: this is the last.")
    changes: list[Change] = Field(description="The latest first.")


class Counts(Schema):
    """How many states stand where today."""

    state_party: int = Field(description="States Parties, those that leave among them.")
    signatory: int = Field(description="Signed and not ratified.")
    withdrawn: int
    non_party: int = Field(description="Neither signed nor joined.")
    leaving: int = Field(description="Of the States Parties, those that have given notice.")
    total: int = Field(description="All states of the record.")


class Links(Schema):
    """Where to go on."""

    countries: Address = Field(description="Where the states stand, in this API.")
    changes: Address = Field(description="What changed, in this API.")
    openapi: Address = Field(description="This API in OpenAPI 3.1.")
    documentation: Address = Field(description="The same as a page.")
    tracker: Address = Field(description="The record as a page, with its map.")


class Overview(Stamped):
    """What this API has, and which state of the record it shows."""

    name: str
    changed_at: dt.datetime | None = Field(description="When the record last changed.")
    as_of: dt.date = Field(description="Today (UTC), the day of the counts.")
    counts: Counts
    terms: str = Field(description="On which terms the data may be used.")
    citation: str = Field(description="How to cite this state of the record.")
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


def tell_meanings(schemas: dict[str, Any]) -> None:
    """Describe the schema of each vocabulary by its first line and its values."""
    for vocabulary in VOCABULARIES:
        first_line = (vocabulary.__doc__ or "").partition("\n")[0]
        schemas[vocabulary.__name__]["description"] = f"{first_line} {in_words(vocabulary.choices)}"


def in_words(values: Iterable[Any]) -> str:
    """Each value with its words, in Markdown."""
    return "; ".join(f"`{value}`: {force_str(label)}" for value, label in values) + "."
