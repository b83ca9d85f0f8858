"""Presents a frozen record in the reader's language. It reads no other data."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from charts.report_charts import GrowthChart, RowBar, bars
from record.choices import Certainty, LawKind, LawStage, Region, Status, Treaty

from .data import CountsData, EventData, ReportData, TreatyData
from .shown import (
    Figure,
    Happening,
    RegionPart,
    ShownAction,
    ShownLaw,
    ShownState,
    ShownTreaty,
    alphabetical,
    day_of,
    formatted,
)

# The kinds of events, in the order in which the report lists them.
EVENTS = {
    "signed": gettext_lazy("Signed the Rome Statute"),
    "deposited": gettext_lazy("Deposited an instrument of ratification or accession"),
    "joined": gettext_lazy("Became a State Party"),
    "announced": gettext_lazy("Gave notice of withdrawal"),
    "revoked": gettext_lazy("Revoked a notice of withdrawal"),
    "left": gettext_lazy("Withdrew from the Rome Statute"),
}


class Contents:
    """The report in a language. `urls` are the addresses of countries' pages by three-letter code."""

    def __init__(
        self, data: ReportData, *, language: str, urls: Mapping[str, str] | None = None
    ) -> None:
        self.data = data
        self.language = language.partition("-")[0]
        self.urls = urls or {}
        self.year = data["year"]
        self.day = date.fromisoformat(data["day"])
        self.record = data["record"]
        self.before_day = date.fromisoformat(data["before"]["day"])
        self.is_compared_with_report = data["before"]["source"] == "report"
        self.counts: CountsData = data["counts"]

    @cached_property
    def states(self) -> list[ShownState]:
        """All states, sorted by name in the language."""
        states = (
            ShownState(country, language=self.language, url=self.urls.get(country["iso3"]))
            for country in self.data["countries"]
        )
        return sorted(states, key=lambda state: alphabetical(state.name))

    @cached_property
    def _by_code(self) -> dict[str, ShownState]:
        return {state.iso3: state for state in self.states}

    def _name(self, iso3: str) -> str:
        state = self._by_code.get(iso3)
        return state.name if state else iso3

    @cached_property
    def figures(self) -> list[Figure]:
        now, then = self.counts, self.data["before"]["counts"]
        labels = {
            Status.STATE_PARTY: _("States Parties"),
            Status.SIGNATORY: _("signed, not ratified"),
            Status.WITHDRAWN: _("withdrew"),
            Status.NON_PARTY: _("never signed or joined"),
        }
        figures = [
            Figure(label, now["by_status"].get(status, 0), then["by_status"].get(status, 0))
            for status, label in labels.items()
        ]
        leaving = Figure(
            _("of the parties gave notice of withdrawal"), now["leaving"], then["leaving"]
        )
        return [figures[0], leaving, *figures[1:]]

    @cached_property
    def happenings(self) -> list[Happening]:
        """The events between the two days, by kind."""
        changes = self.data["changes"]
        happenings = [
            Happening(str(heading), self._events(changes[name]))  # type: ignore[literal-required]
            for name, heading in EVENTS.items()
        ]
        corrected = [
            _("%(state)s: %(now)s (previously: %(before)s)")
            % {
                "state": self._name(entry["iso3"]),
                "now": Status(entry["now"]).label,
                "before": Status(entry["before"]).label,
            }
            for entry in changes["corrected"]
        ]
        happenings.append(Happening(_("Corrected since last year’s report"), corrected))
        return [happening for happening in happenings if happening.entries]

    def _events(self, events: Iterable[EventData]) -> list[str]:
        by_name = sorted(events, key=lambda event: alphabetical(self._name(event["iso3"])))
        return [self._event(event) for event in by_name]

    def _event(self, event: EventData) -> str:
        values = {
            "state": self._name(event["iso3"]),
            "day": formatted(event["day"]),
            "effect": formatted(event["effect"]),
        }
        if event["effect"]:
            return _("%(state)s: %(day)s, with effect from %(effect)s") % values
        return f"{values['state']}: {values['day']}"

    @cached_property
    def law_moves(self) -> list[str]:
        """The laws that reached another stage, as text."""
        moves = []
        for move in self.data["changes"]["laws"]:
            values = {
                "state": self._name(move["iso3"]),
                "law": move["title"] or LawKind(move["kind"]).label,
                "now": LawStage(move["now"]).label,
                "before": LawStage(move["before"]).label if move["before"] else "",
                "day": formatted(move["day"]),
            }
            sentence = _("%(state)s, %(law)s: %(now)s")
            if move["before"]:
                sentence = _("%(state)s, %(law)s: %(now)s; before: %(before)s")
            entry = sentence % values
            moves.append(f"{entry} ({values['day']})" if move["day"] else entry)
        return moves

    @property
    def laws_not_comparable(self) -> str:
        """A sentence on the number of laws that cannot be compared, or "" if there are none."""
        number = self.data["changes"]["laws_not_comparable"]
        if not number:
            return ""
        return ngettext(
            "%(number)s law is left out here: the date of its stage is not known, and the record "
            "does not reach back far enough to compare.",
            "%(number)s laws are left out here: the dates of their stages are not known, and the "
            "record does not reach back far enough to compare.",
            number,
        ) % {"number": number}

    @cached_property
    def focus_new(self) -> list[str] | None:
        """Countries in focus that were not the year before. None if no focus is recorded for that year."""
        return self._names(self.data["changes"]["focus_new"])

    @cached_property
    def focus_ended(self) -> list[str] | None:
        return self._names(self.data["changes"]["focus_ended"])

    def _names(self, codes: Iterable[str] | None) -> list[str] | None:
        if codes is None:
            return None
        return sorted((self._name(iso3) for iso3 in codes), key=alphabetical)

    @cached_property
    def focus(self) -> list[ShownState]:
        """The states in focus in the year."""
        return [state for state in self.states if state.ask]

    @cached_property
    def regions(self) -> list[RegionPart]:
        then = self.data["before"]["counts"]["by_region"]
        now = self.counts["by_region"]
        return [
            RegionPart(
                region,
                [state for state in self.states if state.region == region],
                now.get(region, {}).get(Status.STATE_PARTY, 0),
                then.get(region, {}).get(Status.STATE_PARTY, 0),
            )
            for region in Region
        ]

    @cached_property
    def laws(self) -> list[ShownLaw]:
        return [
            ShownLaw.of(state.name, law) for state in self.states for law in state.country["laws"]
        ]

    @cached_property
    def actions_of_year(self) -> list[ShownAction]:
        """The actions under all treaties between the two days, by date."""
        after, until = self.data["before"]["day"], self.data["day"]
        actions = [
            ShownAction.of(state.name, action)
            for state in self.states
            for action in state.country["actions"]
            if after < action["date"] <= until
        ]
        return sorted(actions, key=lambda action: action.day)

    @cached_property
    def treaties(self) -> list[ShownTreaty]:
        return [self._treaty(treaty) for treaty in self.data["treaties"]]

    def _treaty(self, treaty: TreatyData) -> ShownTreaty:
        return ShownTreaty(
            name=str(Treaty(treaty["treaty"]).label),
            adopted_on=date.fromisoformat(treaty["adopted_on"]),
            in_force_since=day_of(treaty["in_force_since"]),
            consents=treaty["consents"],
            consents_before=treaty["consents_before"],
            new=[
                f"{self._name(event['iso3'])} ({formatted(event['day'])})"
                for event in treaty["new"]
            ],
        )

    @cached_property
    def to_verify(self) -> int:
        """The number of treaty actions and laws in the report that are to be verified."""
        return sum(
            entry["certainty"] == Certainty.TO_BE_VERIFIED
            for country in self.data["countries"]
            for entry in [*country["actions"], *country["laws"]]
        )

    @cached_property
    def growth(self) -> GrowthChart:
        return GrowthChart.of(self.data["growth"])

    @cached_property
    def parties_by_region(self) -> list[tuple[RegionPart, RowBar]]:
        """Each region with the bar of its parties."""
        numbers = [part.parties for part in self.regions]
        return list(zip(self.regions, bars(numbers, rtl=self.is_rtl), strict=True))

    @cached_property
    def law_stages(self) -> list[tuple[str, list[RowBar]]]:
        """The number of States Parties at each stage, most advanced first, as a bar for each kind of law."""
        stages = [*reversed(LawStage.values), ""]
        numbers = [self._parties_at(kind, stage) for stage in stages for kind in LawKind.values]
        drawn = iter(bars(numbers, rtl=self.is_rtl))
        return [
            (
                str(LawStage(stage).label) if stage else _("Not known"),
                [next(drawn) for _kind in LawKind],
            )
            for stage in stages
        ]

    @property
    def law_kinds(self) -> list[str]:
        return [str(label) for label in LawKind.labels]

    def _parties_at(self, kind: str, stage: str) -> int:
        return sum(
            (country[f"{kind}_stage"] or "") == stage  # type: ignore[literal-required]
            for country in self.data["countries"]
            if country["status"] == Status.STATE_PARTY
        )

    @property
    def is_rtl(self) -> bool:
        return self.language == "ar"
