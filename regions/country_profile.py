"""What the page of a country tells from the record, on the day it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from record.choices import CONSENTS, Action, Status, Treaty
from record.models.countries import Country, FocusYear, ImplementingLaw, TreatyAction
from record.status_words import describe, in_words
from record.treaties import AMENDMENTS

# What a paper means for the state. Vienna Convention on the Law of Treaties, art. 2, 11 to 18; Rome Statute, art. 127.
MEANINGS: dict[str, Promise] = {
    Action.SIGNATURE: _(
        "Signature signals the intention to join; the state must not defeat the treaty’s purpose meanwhile."
    ),
    Action.RATIFICATION: _("The state consents to be bound by the treaty it signed."),
    Action.ACCEPTANCE: _("The state consents to be bound."),
    Action.APPROVAL: _("The state consents to be bound."),
    Action.ACCESSION: _("The state consents to be bound without having signed."),
    Action.SUCCESSION: _("The state succeeds to the obligations of its predecessor."),
    Action.CONSENT: _("The state consents to be bound."),
    Action.INSTRUMENT_WITHDRAWN: _("The state withdraws its instrument before it takes effect."),
    Action.WITHDRAWAL_NOTICE: _(
        "The state announces its withdrawal; it remains bound until that takes effect."
    ),
    Action.WITHDRAWAL_NOTICE_REVOKED: _(
        "The state revokes its notice of withdrawal and remains a party."
    ),
    Action.DECLARATION: _("The state declares that it does not intend to become a party."),
}
TURNS = frozenset({*CONSENTS, Action.WITHDRAWAL_NOTICE})
TAKEN_BACK_BY = {
    Action.WITHDRAWAL_NOTICE: Action.WITHDRAWAL_NOTICE_REVOKED,
    **dict.fromkeys(CONSENTS, Action.INSTRUMENT_WITHDRAWN),
}


@dataclass(frozen=True)
class Entry:
    """One entry of the timeline: a paper, or what a paper brings on a day to come."""

    day: date
    title: str
    meaning: str
    effect: str
    paper: TreatyAction
    is_to_come: bool = False


@dataclass(frozen=True)
class Bond:
    """A row of the table of treaties: how a state stands to one, and the paper that says so."""

    treaty: Treaty
    words: str
    paper: TreatyAction | None


class CountryProfile:
    """The record of a country as it stands on a day (UTC), in five queries whatever the number of entries.

    Raises `Country.DoesNotExist` for one that is not published.
    """

    def __init__(self, country_id: int, *, day: date) -> None:
        self.day = day
        self.country: Country = Country.objects.for_tracker(day).with_record().get(pk=country_id)
        self.papers: list[TreatyAction] = list(self.country.treaty_actions.all())

    @property
    def laws(self) -> list[ImplementingLaw]:
        return list(self.country.laws.all())

    @property
    def status_words(self) -> str:
        return describe(self.country)

    @property
    def is_status_doubtful(self) -> bool:
        """Whether one of the papers that make the status is still to be verified."""
        country: Any = self.country
        days = {country.since, country.joins_on, country.leaves_on} - {None}
        return any(
            paper.treaty == Treaty.ROME_STATUTE
            and paper.is_doubtful
            and (paper.takes_effect_on in days or paper.date == country.signed_on)
            for paper in self.papers
        )

    @property
    def ask(self) -> FocusYear | None:
        """What the Coalition asks this year."""
        return next((focus for focus in self._focus_years if focus.year == self.day.year), None)

    @property
    def past_asks(self) -> list[FocusYear]:
        return [focus for focus in self._focus_years if focus.year < self.day.year]

    @cached_property
    def timeline(self) -> list[Entry]:
        """Every paper in the order of days, and at the end what they bring on days to come."""
        entries = [self._entry(paper) for paper in self.papers]
        return [*entries, *sorted(self._to_come(), key=lambda entry: entry.day)]

    @property
    def has_doubts(self) -> bool:
        """Whether anything on the page is still to be verified."""
        return any(paper.is_doubtful for paper in self.papers) or any(
            law.is_doubtful for law in self.laws
        )

    @property
    def treaties(self) -> list[Bond]:
        """Every treaty but the Statute. Amendments are there only for who joined the Statute once."""
        joined = self.country.status in {Status.STATE_PARTY, Status.WITHDRAWN}
        others = [treaty for treaty in Treaty if treaty != Treaty.ROME_STATUTE]
        return [self._bond(treaty) for treaty in others if joined or treaty not in AMENDMENTS]

    @cached_property
    def _focus_years(self) -> list[FocusYear]:
        return sorted(self.country.focus_years.all(), key=lambda focus: -focus.year)

    def _entry(self, paper: TreatyAction) -> Entry:
        return Entry(
            day=paper.date,
            title=_title(paper),
            meaning=str(MEANINGS[paper.action]),
            effect=self._effect(paper),
            paper=paper,
        )

    def _to_come(self) -> Iterator[Entry]:
        for paper in self.papers:
            day = paper.takes_effect_on
            if paper.action in TURNS and day and day > self.day and not self._taken_back(paper):
                leaves = paper.action == Action.WITHDRAWAL_NOTICE
                words = _("%(treaty)s: withdrawing") if leaves else _("%(treaty)s: bound")
                title = str(words) % {"treaty": paper.get_treaty_display()}
                yield Entry(day, title, "", "", paper, is_to_come=True)

    def _effect(self, paper: TreatyAction) -> str:
        """When what the paper says takes effect; nothing for papers that have none, as signatures."""
        if paper.action not in TURNS:
            return ""
        day = paper.takes_effect_on
        if back := self._taken_back(paper):
            words, day = _("Withdrawn on %(day)s, before it took effect."), back.date
        elif day is None:
            return str(_("Date of effect not known."))
        elif paper.action == Action.WITHDRAWAL_NOTICE:
            words = (
                _("Takes effect on %(day)s.") if day > self.day else _("Took effect on %(day)s.")
            )
        else:
            words = (
                _("Enters into force for the state on %(day)s.")
                if day > self.day
                else _("In force for the state since %(day)s.")
            )
        return str(words) % {"day": in_words(day)}

    def _taken_back(self, paper: TreatyAction) -> TreatyAction | None:
        """The paper that took this one back before it had effect; see `TreatyActionQuerySet.not_taken_back`."""
        until = paper.takes_effect_on or date.max
        return next(
            (
                other
                for other in self.papers
                if other.treaty == paper.treaty
                and other.action == TAKEN_BACK_BY.get(Action(paper.action))
                and paper.date <= other.date < until
            ),
            None,
        )

    def _bond(self, treaty: Treaty) -> Bond:
        papers = [paper for paper in self.papers if paper.treaty == treaty]
        turns = [p for p in papers if p.action in TURNS and not self._taken_back(p)]
        if turns:
            last = max(turns, key=_by_effect)
            words = str(_("%(action)s, %(day)s. %(effect)s")) % {
                "action": last.get_action_display(),
                "day": date_format(last.date),
                "effect": self._effect(last),
            }
            return Bond(treaty, words, last)
        signed = next((paper for paper in papers if paper.action == Action.SIGNATURE), None)
        if signed:
            words = str(_("Signed on %(day)s; not a party.")) % {"day": in_words(signed.date)}
            return Bond(treaty, words, signed)
        return Bond(treaty, str(_("Nothing recorded.")), None)


def _title(paper: TreatyAction) -> str:
    action = (
        _("Consent to be bound") if paper.action == Action.CONSENT else paper.get_action_display()
    )
    return str(_("%(treaty)s: %(action)s")) % {
        "treaty": paper.get_treaty_display(),
        "action": action,
    }


def _by_effect(paper: TreatyAction) -> tuple[date, date]:
    return paper.takes_effect_on or date.max, paper.date
