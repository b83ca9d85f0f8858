"""The treaties' own rules: from which day a paper has effect, and which papers cannot follow one another.

Days are UTC, and the depositary's: the day of deposit, signature or receipt.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .choices import CONSENTS, Action, Treaty
from .treaties import AMENDMENTS, FACTS

# Open for signature until then. Rome Statute, art. 125(1).
LAST_DAY_TO_SIGN = date(2000, 12, 31)
# Amendments that bind each state a year after its own deposit. Rome Statute, art. 121(5).
ONE_YEAR_AFTER_DEPOSIT = AMENDMENTS - {Treaty.ART124_2015}
# A notice takes effect a year later, or on a later day that it names. Rome Statute, art. 127(1); APIC, art. 36.
WITHDRAWAL_AFTER_A_YEAR = frozenset({Treaty.ROME_STATUTE, Treaty.APIC})


class Paper(Protocol):
    """What the rules read of a treaty action."""

    treaty: str
    action: str
    effect_override: date | None
    date: date


@dataclass(frozen=True)
class Violation:
    """A rule that a paper breaks: its name, for people, and where in the list the paper stands."""

    paper: Paper
    rule: str
    message: Promise | str


def one_year_after(day: date) -> date:
    """The same day of the next year; 28 February after a 29th, which is as many days later."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def entry_into_force(treaty: str, deposited_on: date) -> date | None:
    """From which day the treaty binds a state that deposited its instrument on `deposited_on`.

    Nothing where no rule gives a day: it waits for others (Rome Statute, art. 121(4)), or the treaty is not
    known to be in force. Rome Statute, art. 126: the first day of the month after the 60th day following the
    deposit, and for the first 60 states 1 July 2002. APIC, art. 35: the thirtieth day, and for the first ten
    states 22 July 2004. Amendments, art. 121(5): one year after the deposit.
    """
    if treaty == Treaty.ROME_STATUTE:
        sixtieth_day = deposited_on + timedelta(days=60)
        first_of_month = (sixtieth_day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return max(first_of_month, date(2002, 7, 1))
    if treaty == Treaty.APIC:
        return max(deposited_on + timedelta(days=30), date(2004, 7, 22))
    if treaty in ONE_YEAR_AFTER_DEPOSIT:
        return one_year_after(deposited_on)
    return None


def day_of_effect(treaty: str, action: str, day: date) -> date | None:
    """From which day a paper of `day` has effect by the treaty's rule. Nothing where no rule gives one.

    No rule gives the day from which a successor is bound: mostly its independence, before it told of it.
    """
    if action == Action.SUCCESSION or day.year >= MAXYEAR - 1:  # The calendar ends: a typing error.
        return None
    if action in CONSENTS:
        return entry_into_force(treaty, day)
    if action == Action.WITHDRAWAL_NOTICE:
        return one_year_after(day) if treaty in WITHDRAWAL_AFTER_A_YEAR else None
    return day


def violations(papers: Iterable[Paper], *, today: date) -> list[Violation]:
    """The rules that the papers of one state break, all at once."""
    ordered = sorted(papers, key=lambda paper: paper.date)
    found = [violation for paper in ordered for violation in _of_itself(paper, today)]
    for treaty in Treaty:
        of_treaty = [paper for paper in ordered if paper.treaty == treaty]
        found += _Course(treaty, of_treaty).violations()
    found += _amendments_without_statute(ordered)
    return found


def effect(paper: Paper) -> date | None:
    """From which day the paper has effect: by its own word, or by the rule."""
    return paper.effect_override or day_of_effect(paper.treaty, paper.action, paper.date)


def _of_itself(paper: Paper, today: date) -> Iterator[Violation]:
    if paper.date > today:
        yield Violation(paper, "future", _("The date is in the future."))
    if paper.date < FACTS[Treaty(paper.treaty)].adopted_on:
        yield Violation(paper, "before_adoption", _("The date is before the treaty was adopted."))
    if paper.action == Action.SIGNATURE:
        yield from _signature_of_itself(paper)
    yield from _effect_of_itself(paper)


def _signature_of_itself(paper: Paper) -> Iterator[Violation]:
    if paper.treaty == Treaty.ROME_STATUTE and paper.date > LAST_DAY_TO_SIGN:
        yield Violation(
            paper,
            "signature_closed",
            _("The Statute was open for signature until 31 December 2000 (article 125)."),
        )
    elif paper.treaty in AMENDMENTS:
        yield Violation(paper, "no_signature", _("Amendments are not signed."))


def _effect_of_itself(paper: Paper) -> Iterator[Violation]:
    override = paper.effect_override
    if paper.action == Action.SUCCESSION:
        if override is None:
            yield Violation(
                paper,
                "succession_without_day",
                _("Enter the date from which the successor is bound: no rule determines it."),
            )
    elif override is None:
        return
    elif override < paper.date:
        yield Violation(
            paper,
            "effect_before_deposit",
            _("It cannot take effect before the date of deposit."),
        )
    elif paper.action == Action.WITHDRAWAL_NOTICE:
        earliest = day_of_effect(paper.treaty, paper.action, paper.date)
        if earliest is not None and override < earliest:
            yield Violation(
                paper,
                "withdrawal_within_a_year",
                _(
                    "A withdrawal takes effect no earlier than one year after the notice (art. 127)."
                ),
            )


class _Course:
    """The papers of a state about one treaty, taken in the order of their days."""

    def __init__(self, treaty: Treaty, papers: Sequence[Paper]) -> None:
        self.treaty = treaty
        self.papers = sorted(papers, key=_order)
        self.signs = any(paper.action == Action.SIGNATURE for paper in papers)
        self.signature: Paper | None = None
        self.consent: Paper | None = None
        self.notice: Paper | None = None

    def violations(self) -> Iterator[Violation]:
        for paper in self.papers:
            if self.notice is not None and _has_effect(self.notice, on=paper.date):
                self.consent = self.notice = None
            yield from self._take(paper)

    def _take(self, paper: Paper) -> Iterator[Violation]:
        if paper.action in CONSENTS:
            return self._take_consent(paper)
        return {
            Action.SIGNATURE: self._take_signature,
            Action.INSTRUMENT_WITHDRAWN: self._take_instrument_withdrawn,
            Action.WITHDRAWAL_NOTICE: self._take_notice,
            Action.WITHDRAWAL_NOTICE_REVOKED: self._take_revocation,
            Action.DECLARATION: self._take_declaration,
        }[Action(paper.action)](paper)

    def _take_signature(self, paper: Paper) -> Iterator[Violation]:
        if self.signature is not None:
            yield Violation(paper, "signed_twice", _("The state has signed before."))
        elif self.consent is not None:
            yield Violation(
                paper, "signature_after_consent", _("A state that is already bound cannot sign.")
            )
        self.signature = paper

    def _take_consent(self, paper: Paper) -> Iterator[Violation]:
        if self.consent is not None:
            yield Violation(
                paper, "consent_twice", _("The state has already consented to be bound.")
            )
        if paper.action in {Action.RATIFICATION, Action.ACCEPTANCE, Action.APPROVAL}:
            yield from self._without_signature(paper)
        elif paper.action == Action.ACCESSION and self.signature is not None:
            yield Violation(
                paper, "accession_by_signatory", _("A signatory ratifies; it does not accede.")
            )
        self.consent = paper

    def _without_signature(self, paper: Paper) -> Iterator[Violation]:
        """Whoever signed ratifies, accepts or approves; whoever did not accedes. Rome Statute, art. 125(2), (3)."""
        if self.signature is not None:
            return
        if self.signs:
            yield Violation(
                paper,
                "ratification_before_signature",
                _("A ratification cannot come before the signature."),
            )
        elif self.treaty == Treaty.ROME_STATUTE:
            yield Violation(
                paper,
                "ratification_without_signature",
                _("A state that did not sign accedes; it does not ratify (art. 125)."),
            )

    def _take_instrument_withdrawn(self, paper: Paper) -> Iterator[Violation]:
        if self.consent is None or _has_effect(self.consent, on=paper.date):
            yield Violation(
                paper,
                "no_instrument_to_withdraw",
                _("No instrument is awaiting entry into force."),
            )
        self.consent = None

    def _take_notice(self, paper: Paper) -> Iterator[Violation]:
        if self.consent is None or not _has_effect(self.consent, on=paper.date):
            yield Violation(
                paper, "withdrawal_by_non_party", _("Only a party can withdraw (art. 127).")
            )
        elif self.notice is not None:
            yield Violation(paper, "notice_twice", _("A notice of withdrawal is already pending."))
        self.notice = paper

    def _take_revocation(self, paper: Paper) -> Iterator[Violation]:
        if self.notice is None:
            yield Violation(
                paper, "no_notice_to_revoke", _("There is no pending notice of withdrawal.")
            )
        self.notice = None

    def _take_declaration(self, paper: Paper) -> Iterator[Violation]:
        if self.consent is not None:
            yield Violation(
                paper,
                "declaration_by_party",
                _(
                    "A state that has consented to be bound cannot declare that it will not become a party."
                ),
            )


def _amendments_without_statute(papers: Sequence[Paper]) -> Iterator[Violation]:
    joined = [
        paper.date
        for paper in papers
        if paper.treaty == Treaty.ROME_STATUTE and paper.action in CONSENTS
    ]
    for paper in papers:
        if paper.treaty not in AMENDMENTS or paper.action not in CONSENTS:
            continue
        if not joined or paper.date < min(joined):
            yield Violation(
                paper,
                "amendment_without_statute",
                _("Only a state that has joined the Statute can accept an amendment to it."),
            )


def _order(paper: Paper) -> tuple[date, bool]:
    """By day; on one day the signature comes first."""
    return paper.date, paper.action != Action.SIGNATURE


def _has_effect(paper: Paper, *, on: date) -> bool:
    day = effect(paper)
    return day is not None and day <= on
