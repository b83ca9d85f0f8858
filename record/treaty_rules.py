"""The rules of the treaties: the day on which an act takes effect, and the order in which acts are possible.

An act is a signature, an instrument, a notice or a declaration. `record.status` derives a status from acts.

Days are UTC, and those of the depositary: the day of deposit, signature or receipt.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .choices import CONSENTS, Action, Treaty
from .treaties import AMENDMENTS, FACTS

# The last day on which the Statute was open for signature. Rome Statute, art. 125(1).
LAST_DAY_TO_SIGN = date(2000, 12, 31)
# Amendments that bind each state a year after its own deposit. Rome Statute, art. 121(5).
ONE_YEAR_AFTER_DEPOSIT = AMENDMENTS - {Treaty.ART124_2015}
# A notice takes effect a year later, or on a later day that it names. Rome Statute, art. 127(1); APIC, art. 36.
WITHDRAWAL_AFTER_A_YEAR = frozenset({Treaty.ROME_STATUTE, Treaty.APIC})


class TreatyAct(Protocol):
    """The part of a treaty action that the rules read."""

    treaty: str
    action: str
    effect_override: date | None
    date: date


@dataclass(frozen=True)
class Violation:
    """A rule that an act breaks: the act, the name of the rule, and a message for the editor."""

    act: TreatyAct
    rule: str
    message: Promise | str


def one_year_after(day: date) -> date:
    """Return the same day of the next year, or 28 February after a 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def entry_into_force(treaty: str, deposited_on: date) -> date | None:
    """Return the first day on which the treaty binds a state that deposited its instrument on `deposited_on`.

    Rome Statute, art. 126: the first day of the month after the 60th day following the deposit, and 1 July 2002 for
    the first 60 states. APIC, art. 35: the thirtieth day, and 22 July 2004 for the first ten states. Amendments,
    Rome Statute, art. 121(5): one year after the deposit. None if no rule gives a day: entry into force depends on
    other states (Rome Statute, art. 121(4)), or the treaty is not known to be in force.
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
    """Return the day on which an act of `day` takes effect by the treaty's rule. None if no rule gives one.

    No rule gives the day from which a successor is bound. It is mostly that of its independence, before its notice.
    """
    if (
        action == Action.SUCCESSION or day.year >= MAXYEAR - 1
    ):  # The year is a typing error: it is the last one of the calendar.
        return None
    if action in CONSENTS:
        return entry_into_force(treaty, day)
    if action == Action.WITHDRAWAL_NOTICE:
        return one_year_after(day) if treaty in WITHDRAWAL_AFTER_A_YEAR else None
    return day


def violations(acts: Iterable[TreatyAct], *, today: date) -> list[Violation]:
    """Return every violation of a rule by the acts of one state."""
    ordered = sorted(acts, key=lambda act: act.date)
    found = [violation for act in ordered for violation in _of_itself(act, today)]
    for treaty in Treaty:
        of_treaty = [act for act in ordered if act.treaty == treaty]
        found += _Course(treaty, of_treaty).violations()
    found += _amendments_without_statute(ordered)
    return found


def effect(act: TreatyAct) -> date | None:
    """Return the day on which the act takes effect: the one entered for it, or else that of the rule."""
    return act.effect_override or day_of_effect(act.treaty, act.action, act.date)


def _of_itself(act: TreatyAct, today: date) -> Iterator[Violation]:
    if act.date > today:
        yield Violation(act, "future", _("The date is in the future."))
    if act.date < FACTS[Treaty(act.treaty)].adopted_on:
        yield Violation(act, "before_adoption", _("The date is before the treaty was adopted."))
    if act.action == Action.SIGNATURE:
        yield from _signature_of_itself(act)
    yield from _effect_of_itself(act)


def _signature_of_itself(act: TreatyAct) -> Iterator[Violation]:
    if act.treaty == Treaty.ROME_STATUTE and act.date > LAST_DAY_TO_SIGN:
        yield Violation(
            act,
            "signature_closed",
            _("The Statute was open for signature until 31 December 2000 (article 125)."),
        )
    elif act.treaty in AMENDMENTS:
        yield Violation(act, "no_signature", _("Amendments are not signed."))


def _effect_of_itself(act: TreatyAct) -> Iterator[Violation]:
    override = act.effect_override
    if act.action == Action.SUCCESSION:
        if override is None:
            yield Violation(
                act,
                "succession_without_day",
                _("Enter the date from which the successor is bound: no rule determines it."),
            )
    elif override is None:
        return
    elif override < act.date:
        yield Violation(
            act,
            "effect_before_deposit",
            _("It cannot take effect before the date of deposit."),
        )
    elif act.action == Action.WITHDRAWAL_NOTICE:
        earliest = day_of_effect(act.treaty, act.action, act.date)
        if earliest is not None and override < earliest:
            yield Violation(
                act,
                "withdrawal_within_a_year",
                _(
                    "A withdrawal takes effect no earlier than one year after the notice (art. 127)."
                ),
            )


class _Course:
    """The acts of a state under one treaty, checked in the order of their dates."""

    def __init__(self, treaty: Treaty, acts: Sequence[TreatyAct]) -> None:
        self.treaty = treaty
        self.acts = sorted(acts, key=_order)
        self.signs = any(act.action == Action.SIGNATURE for act in acts)
        self.signature: TreatyAct | None = None
        self.consent: TreatyAct | None = None
        self.notice: TreatyAct | None = None

    def violations(self) -> Iterator[Violation]:
        for act in self.acts:
            if self.notice is not None and _has_effect(self.notice, on=act.date):
                self.consent = self.notice = None
            yield from self._take(act)

    def _take(self, act: TreatyAct) -> Iterator[Violation]:
        if act.action in CONSENTS:
            return self._take_consent(act)
        return {
            Action.SIGNATURE: self._take_signature,
            Action.INSTRUMENT_WITHDRAWN: self._take_instrument_withdrawn,
            Action.WITHDRAWAL_NOTICE: self._take_notice,
            Action.WITHDRAWAL_NOTICE_REVOKED: self._take_revocation,
            Action.DECLARATION: self._take_declaration,
        }[Action(act.action)](act)

    def _take_signature(self, act: TreatyAct) -> Iterator[Violation]:
        if self.signature is not None:
            yield Violation(act, "signed_twice", _("The state has signed before."))
        elif self.consent is not None:
            yield Violation(
                act, "signature_after_consent", _("A state that is already bound cannot sign.")
            )
        self.signature = act

    def _take_consent(self, act: TreatyAct) -> Iterator[Violation]:
        if self.consent is not None:
            yield Violation(act, "consent_twice", _("The state has already consented to be bound."))
        if act.action in {Action.RATIFICATION, Action.ACCEPTANCE, Action.APPROVAL}:
            yield from self._without_signature(act)
        elif act.action == Action.ACCESSION and self.signature is not None:
            yield Violation(
                act, "accession_by_signatory", _("A signatory ratifies; it does not accede.")
            )
        self.consent = act

    def _without_signature(self, act: TreatyAct) -> Iterator[Violation]:
        """Check that the state signed before: otherwise it accedes. Rome Statute, art. 125(2), (3)."""
        if self.signature is not None:
            return
        if self.signs:
            yield Violation(
                act,
                "ratification_before_signature",
                _("A ratification cannot come before the signature."),
            )
        elif self.treaty == Treaty.ROME_STATUTE:
            yield Violation(
                act,
                "ratification_without_signature",
                _("A state that did not sign accedes; it does not ratify (art. 125)."),
            )

    def _take_instrument_withdrawn(self, act: TreatyAct) -> Iterator[Violation]:
        if self.consent is None or _has_effect(self.consent, on=act.date):
            yield Violation(
                act,
                "no_instrument_to_withdraw",
                _("No instrument is awaiting entry into force."),
            )
        self.consent = None

    def _take_notice(self, act: TreatyAct) -> Iterator[Violation]:
        if self.consent is None or not _has_effect(self.consent, on=act.date):
            yield Violation(
                act, "withdrawal_by_non_party", _("Only a party can withdraw (art. 127).")
            )
        elif self.notice is not None:
            yield Violation(act, "notice_twice", _("A notice of withdrawal is already pending."))
        self.notice = act

    def _take_revocation(self, act: TreatyAct) -> Iterator[Violation]:
        if self.notice is None:
            yield Violation(
                act, "no_notice_to_revoke", _("There is no pending notice of withdrawal.")
            )
        self.notice = None

    def _take_declaration(self, act: TreatyAct) -> Iterator[Violation]:
        if self.consent is not None:
            yield Violation(
                act,
                "declaration_by_party",
                _(
                    "A state that has consented to be bound cannot declare that it will not become a party."
                ),
            )


def _amendments_without_statute(acts: Sequence[TreatyAct]) -> Iterator[Violation]:
    joined = [
        act.date for act in acts if act.treaty == Treaty.ROME_STATUTE and act.action in CONSENTS
    ]
    for act in acts:
        if act.treaty not in AMENDMENTS or act.action not in CONSENTS:
            continue
        if not joined or act.date < min(joined):
            yield Violation(
                act,
                "amendment_without_statute",
                _("Only a state that has joined the Statute can accept an amendment to it."),
            )


def _order(act: TreatyAct) -> tuple[date, bool]:
    """Return a sort key: by date, and on one day the signature first."""
    return act.date, act.action != Action.SIGNATURE


def _has_effect(act: TreatyAct, *, on: date) -> bool:
    day = effect(act)
    return day is not None and day <= on
