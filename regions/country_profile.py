"""Presents the record of a country on a day, for the country's page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from record.choices import Action, Status, Treaty
from record.memory import current_record
from record.models import FocusYear, TreatyAction
from record.status import CANCELLED_BY, day_in_sentence, describe
from record.treaties import AMENDMENTS

# The meaning of each action. Vienna Convention on the Law of Treaties, art. 2, 11 to 18; Rome Statute, art. 127.
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


@dataclass(frozen=True)
class Entry:
    """An entry of the timeline: a treaty action, or the future effect of one."""

    day: date
    title: str
    meaning: str
    effect: str
    action: TreatyAction
    is_to_come: bool = False


@dataclass(frozen=True)
class Bond:
    """A row of the table of treaties: the position of the state under one, and the action on which it rests."""

    treaty: Treaty
    text: str
    action: TreatyAction | None


class CountryProfile:
    """The record of a country on a day (UTC).

    Raises `Country.DoesNotExist` if the country is not published.
    """

    def __init__(self, country_id: int, *, day: date) -> None:
        self.day = day
        self._record = current_record().get(country_id)
        self._today = self._record.on(day)
        self.country = self._record.country
        self.actions = self._record.actions
        self.laws = self._record.laws

    @property
    def status(self) -> Status:
        return self._today.status

    @property
    def status_text(self) -> str:
        return describe(self._today.standing)

    @property
    def is_status_doubtful(self) -> bool:
        """Whether one of the actions behind the status is still to be verified."""
        return self._today.is_to_be_verified

    @property
    def ask(self) -> FocusYear | None:
        """The Coalition's ask of this year."""
        return next(
            (focus for focus in self._record.focus_years if focus.year == self.day.year), None
        )

    @property
    def past_asks(self) -> list[FocusYear]:
        return [focus for focus in self._record.focus_years if focus.year < self.day.year]

    @cached_property
    def timeline(self) -> list[Entry]:
        """All actions by date, followed by their future effects."""
        entries = [self._entry(action) for action in self.actions]
        return [*entries, *sorted(self._to_come(), key=lambda entry: entry.day)]

    @property
    def has_doubts(self) -> bool:
        """Whether anything on the page is still to be verified."""
        return any(action.is_doubtful for action in self.actions) or any(
            law.is_doubtful for law in self.laws
        )

    @property
    def treaties(self) -> list[Bond]:
        """All treaties but the Statute; amendments only for states that are or were parties to the Statute."""
        joined = self.status in {Status.STATE_PARTY, Status.WITHDRAWN}
        others = [treaty for treaty in Treaty if treaty != Treaty.ROME_STATUTE]
        return [self._bond(treaty) for treaty in others if joined or treaty not in AMENDMENTS]

    def _entry(self, action: TreatyAction) -> Entry:
        return Entry(
            day=action.date,
            title=_title(action),
            meaning=str(MEANINGS[action.action]),
            effect=self._effect(action),
            action=action,
        )

    def _to_come(self) -> Iterator[Entry]:
        for action in self.actions:
            day = action.takes_effect_on
            if (
                action.action in CANCELLED_BY
                and day
                and day > self.day
                and not self._cancellation(action)
            ):
                leaves = action.action == Action.WITHDRAWAL_NOTICE
                sentence = _("%(treaty)s: withdrawing") if leaves else _("%(treaty)s: bound")
                title = str(sentence) % {"treaty": action.get_treaty_display()}
                yield Entry(day, title, "", "", action, is_to_come=True)

    def _effect(self, action: TreatyAction) -> str:
        """Return a sentence on when the action takes effect. Empty for actions without effect, such as signatures."""
        if action.action not in CANCELLED_BY:
            return ""
        day = action.takes_effect_on
        if cancellation := self._cancellation(action):
            is_notice = action.action == Action.WITHDRAWAL_NOTICE
            sentence = (
                _("Revoked on %(day)s, before it took effect.")
                if is_notice
                else _("Withdrawn on %(day)s, before it took effect.")
            )
            day = cancellation.date
        elif day is None:
            return str(_("Date of effect not known."))
        elif action.action == Action.WITHDRAWAL_NOTICE:
            sentence = (
                _("Takes effect on %(day)s.") if day > self.day else _("Took effect on %(day)s.")
            )
        else:
            sentence = (
                _("Enters into force for the state on %(day)s.")
                if day > self.day
                else _("In force for the state since %(day)s.")
            )
        return str(sentence) % {"day": day_in_sentence(day)}

    def _cancellation(self, action: TreatyAction) -> TreatyAction | None:
        return self._record.histories[action.treaty].cancellation(action)

    def _bond(self, treaty: Treaty) -> Bond:
        actions = [action for action in self.actions if action.treaty == treaty]
        turns = [
            action
            for action in actions
            if action.action in CANCELLED_BY and not self._cancellation(action)
        ]
        if turns:
            last = max(turns, key=_by_effect)
            sentence = str(_("%(action)s, %(day)s. %(effect)s")) % {
                "action": last.get_action_display(),
                "day": date_format(last.date),
                "effect": self._effect(last),
            }
            return Bond(treaty, sentence, last)
        signed = next((action for action in actions if action.action == Action.SIGNATURE), None)
        if signed:
            sentence = str(_("Signed on %(day)s; not a party.")) % {
                "day": day_in_sentence(signed.date)
            }
            return Bond(treaty, sentence, signed)
        return Bond(treaty, str(_("Nothing recorded.")), None)


def _title(action: TreatyAction) -> str:
    is_unknown = action.action == Action.CONSENT
    kind = _("Consent to be bound") if is_unknown else action.get_action_display()
    return str(_("%(treaty)s: %(action)s")) % {
        "treaty": action.get_treaty_display(),
        "action": kind,
    }


def _by_effect(action: TreatyAction) -> tuple[date, date]:
    return action.takes_effect_on or date.max, action.date
