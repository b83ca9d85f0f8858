"""Where every state stands, on any day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

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
)
from record.treaties import FIRST_DAY


class DayOutOfRangeError(ValueError):
    """The day is before 17 July 1998, when the Rome Statute was adopted."""


@dataclass(frozen=True)
class StatusCounts:
    """How many states stand where, in all and by region (the value of `Region`)."""

    total: int
    by_status: dict[str, int]
    by_region: dict[str, dict[str, int]]
    leaving: int
    leaving_by_region: dict[str, int]

    def of(self, status: str, region: str | None = None) -> int:
        counts = self.by_status if region is None else self.by_region.get(region, {})
        return counts.get(status, 0)


class CountryQuerySet(QuerySet[Any]):
    """Countries. `as_of` gives each its status; what filters by status comes after it."""

    def published(self) -> Self:
        return self.filter(live=True)

    def in_region(self, region: str) -> Self:
        return self.filter(region=region)

    def by_name(self, language: str) -> Self:
        """In the alphabet of the language, whatever collations the server has: É stands with E, أ with ا."""
        return self.order_by(_letters(language), "iso3")

    def in_order(self, sort: str, language: str) -> Self:
        """By `name`, `region`, `status` or `since`, backwards with a `-` before it; then by name."""
        first: dict[str, Any] = {
            "name": _letters(language),
            "region": _rank("region", Region.values),
            "status": _rank("status", Status.values),
            "since": F("since"),
        }
        key = first[sort.removeprefix("-")]
        # Who never acted comes last, either way.
        way = key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True)
        return self.order_by(way, _letters(language), "iso3")

    def matching(self, text: str) -> Self:
        """By a part of the name in any language, or by a code."""
        names = Q(un_name__unaccent__icontains=text)
        for language in ("en", "fr", "es", "ar"):
            names |= Q(**{f"name_{language}__unaccent__icontains": text})
        return self.filter(names | Q(iso2__iexact=text) | Q(iso3__iexact=text))

    def as_of(self, day: date, *, treaty: str = Treaty.ROME_STATUTE) -> Self:
        """The published countries with where they stand towards a treaty on a day (UTC), as `with_standing` adds it."""
        return self.published().with_standing(day, treaty=treaty)

    def with_standing(self, day: date, *, treaty: str = Treaty.ROME_STATUTE) -> Self:
        """Adds `status`, `since` (from which day they stand there; nothing for who never acted), `signed_on`,
        `consented_on` (a deposit, in effect or waiting), `joins_on` and `leaves_on` (known on the day, still to
        come), `declared_on` (declared not to become a party). Raises `DayOutOfRangeError`.
        """
        if day < FIRST_DAY:
            raise DayOutOfRangeError
        actions = apps.get_model("record", "TreatyAction").objects.filter(country=OuterRef("pk"))
        turns = actions.in_effect(treaty=treaty, on=day)
        pending = actions.pending(treaty=treaty, on=day)
        done = actions.filter(treaty=treaty, date__lte=day).order_by("-date")
        consents = done.filter(action__in=CONSENTS).not_taken_back(by=day)
        return self.annotate(
            last_turn=Subquery(turns.values("action")[:1]),
            last_turn_on=Subquery(turns.values("takes_effect_on")[:1]),
            signed_on=Subquery(done.filter(action=Action.SIGNATURE).values("date")[:1]),
            consented_on=Subquery(consents.values("date")[:1]),
            joins_on=Subquery(pending.filter(action__in=CONSENTS).values("takes_effect_on")[:1]),
            leaves_on=Subquery(
                pending.filter(action=Action.WITHDRAWAL_NOTICE).values("takes_effect_on")[:1]
            ),
            declared_on=Subquery(done.filter(action=Action.DECLARATION).values("date")[:1]),
        ).annotate(
            status=Case(
                When(last_turn__in=CONSENTS, then=Value(Status.STATE_PARTY.value)),
                When(last_turn=Action.WITHDRAWAL_NOTICE, then=Value(Status.WITHDRAWN.value)),
                When(signed_on__isnull=False, then=Value(Status.SIGNATORY.value)),
                default=Value(Status.NON_PARTY.value),
                output_field=CharField(),
            ),
            since=Case(
                When(last_turn_on__isnull=False, then=F("last_turn_on")),
                default=F("signed_on"),
                output_field=DateField(),
            ),
        )

    def with_certainty(self, day: date, *, treaty: str = Treaty.ROME_STATUTE) -> Self:
        """With `status_certainty`, of the paper that put the state where it stands, and `pending_certainty`, of the
        paper that has still to take effect. Nothing where there is no paper.
        """
        actions = apps.get_model("record", "TreatyAction").objects.filter(country=OuterRef("pk"))
        signatures = actions.filter(treaty=treaty, action=Action.SIGNATURE, date__lte=day)
        return self.annotate(
            status_certainty=Coalesce(
                Subquery(actions.in_effect(treaty=treaty, on=day).values("certainty")[:1]),
                Subquery(signatures.order_by("-date").values("certainty")[:1]),
            ),
            pending_certainty=Subquery(
                actions.pending(treaty=treaty, on=day).values("certainty")[:1]
            ),
        )

    def with_papers(self, day: date) -> Self:
        """With the `consent_kind` and `in_force_on` of the last consent to the Rome Statute, and `apic_on` and
        `aggression_on`, the deposits for the Agreement on Privileges and the amendments on aggression.
        """
        actions = apps.get_model("record", "TreatyAction").objects.filter(country=OuterRef("pk"))
        consents = actions.filter(action__in=CONSENTS, date__lte=day).not_taken_back(by=day)
        consents = consents.order_by("-date", "-pk")
        to_statute = consents.filter(treaty=Treaty.ROME_STATUTE)
        return self.annotate(
            consent_kind=Subquery(to_statute.values("action")[:1]),
            in_force_on=Subquery(to_statute.values("takes_effect_on")[:1]),
            apic_on=Subquery(consents.filter(treaty=Treaty.APIC).values("date")[:1]),
            aggression_on=Subquery(
                consents.filter(treaty=Treaty.AGGRESSION_2010).values("date")[:1]
            ),
        )

    def with_laws(self, day: date) -> Self:
        """With `complementarity_stage` and `cooperation_stage`, the furthest of each kind, and what is known of it.

        That is `…_coverage`, `…_gender_provisions` and `…_certainty`.
        """
        laws = apps.get_model("record", "ImplementingLaw").objects.known_on(day)
        laws = laws.filter(country=OuterRef("pk")).annotate(rank=_rank("stage", LawStage.values))
        laws = laws.annotate(breadth=_rank("coverage", LawCoverage.values))
        laws = laws.order_by("-rank", "-breadth", "pk")
        annotations: dict[str, Any] = {}
        for kind in LawKind.values:
            of_kind = laws.filter(kind=kind)
            for name in ("stage", "coverage", "gender_provisions", "certainty"):
                annotations[f"{kind}_{name}"] = Subquery(of_kind.values(name)[:1])
        return self.annotate(**annotations)

    def at_law_stage(self, kind: str, stage: str | None) -> Self:
        """Whose furthest law of a kind is at that stage; without a stage, those of whom no law is known."""
        return self.filter(**{f"{kind}_stage": stage} if stage else {f"{kind}_stage__isnull": True})

    def with_focus(self, year: int) -> Self:
        """With `ask`, what the Coalition asks of the state in that year; nothing of a state not in focus."""
        focus = apps.get_model("record", "FocusYear").objects.filter(
            country=OuterRef("pk"), year=year
        )
        return self.annotate(ask=Subquery(focus.values("ask")[:1]))

    def in_focus(self) -> Self:
        """Those of whom the Coalition asks something in the year of `with_focus`."""
        return self.filter(ask__isnull=False)

    def with_status(self, status: str) -> Self:
        return self.filter(status=status)

    def state_parties(self) -> Self:
        return self.with_status(Status.STATE_PARTY)

    def leaving(self) -> Self:
        """Parties that have given notice of withdrawal, which has still to take effect."""
        return self.state_parties().filter(leaves_on__isnull=False)

    def for_tracker(self, day: date) -> Self:
        """All that a row of the tracker shows, in one query whatever the number of actions."""
        return self.as_of(day).with_certainty(day).with_laws(day).with_focus(day.year)

    def for_download(self, day: date) -> Self:
        """All that a line of the table to download holds, in one query."""
        return self.for_tracker(day).with_papers(day)

    def for_staff(self, day: date) -> Self:
        """All that the list of countries in the admin shows, drafts too, with `unverified`, a number of facts."""
        actions = _to_be_verified("TreatyAction")
        laws = _to_be_verified("ImplementingLaw")
        standing = self.with_standing(day).with_focus(day.year)
        return standing.annotate(unverified=actions + laws).select_related("latest_revision")

    def counts(self) -> StatusCounts:
        """How many of these stand where. One query; comes after `as_of`."""
        rows = (
            self.order_by()
            .values("region", "status")
            .annotate(
                number=Count("pk"),
                leaving=Count("pk", filter=Q(leaves_on__isnull=False, status=Status.STATE_PARTY)),
            )
        )
        by_status: Counter[str] = Counter()
        by_region: dict[str, Counter[str]] = {}
        leaving: Counter[str] = Counter()
        for row in rows:
            by_status[row["status"]] += row["number"]
            by_region.setdefault(row["region"], Counter())[row["status"]] += row["number"]
            leaving[row["region"]] += row["leaving"]
        return StatusCounts(
            total=by_status.total(),
            by_status=dict(by_status),
            by_region={region: dict(counts) for region, counts in by_region.items()},
            leaving=leaving.total(),
            leaving_by_region=dict(leaving),
        )

    def with_record(self) -> Self:
        """With treaty actions, laws and focus years, in three more queries."""
        return self.prefetch_related("treaty_actions", "laws", "focus_years")


def _letters(language: str) -> Func:
    return Func(
        Func(Lower(f"name_{language}"), function="unaccent"),
        Value("أإآٱ"),
        Value("اااا"),
        function="translate",
        output_field=CharField(),
    )


def _to_be_verified(model: str) -> Coalesce:
    facts = apps.get_model("record", model).objects.filter(
        country=OuterRef("pk"), certainty=Certainty.TO_BE_VERIFIED
    )
    number = facts.order_by().values("country").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0)


def _rank(field: str, values: list[str]) -> Case:
    return Case(*(When(**{field: value}, then=Value(rank)) for rank, value in enumerate(values)))
