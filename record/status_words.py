"""Where a state stands towards the Rome Statute, in words."""

from datetime import date
from typing import Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.language import current_language

from .choices import Status


class DatedStatus(Protocol):
    """What the words tell of: a `Standing`, or a country of `Country.objects.as_of(day)`."""

    @property
    def status(self) -> str: ...
    @property
    def since(self) -> date | None: ...
    @property
    def joins_on(self) -> date | None: ...
    @property
    def leaves_on(self) -> date | None: ...
    @property
    def declared_on(self) -> date | None: ...


# By status and what is to come of it. Whole sentences: languages order their parts each in its own way.
SENTENCES = {
    (Status.STATE_PARTY, ""): _("State Party since %(since)s"),
    (Status.STATE_PARTY, "leaves_on"): _(
        "State Party since %(since)s; withdrawal takes effect on %(leaves_on)s"
    ),
    (Status.SIGNATORY, ""): _("Signed on %(since)s, not ratified"),
    (Status.SIGNATORY, "joins_on"): _("Signed on %(since)s; becomes a State Party on %(joins_on)s"),
    (Status.SIGNATORY, "declared_on"): _(
        "Signed on %(since)s; declared on %(declared_on)s that it will not become a party"
    ),
    (Status.WITHDRAWN, ""): _("Withdrew on %(since)s"),
    (Status.WITHDRAWN, "joins_on"): _(
        "Withdrew on %(since)s; becomes a State Party again on %(joins_on)s"
    ),
    (Status.NON_PARTY, ""): _("Not a party"),
    (Status.NON_PARTY, "joins_on"): _("Not a party; becomes a State Party on %(joins_on)s"),
}
NEWS = ("leaves_on", "joins_on", "declared_on")


def describe(standing: DatedStatus) -> str:
    """With its day and what is to come: "State Party since 1 June 2005; leaves on 18 June 2027"."""
    days = {name: getattr(standing, name) for name in ("since", *NEWS)}
    told = [name for name in NEWS if days[name] and (standing.status, name) in SENTENCES]
    sentence = SENTENCES[Status(standing.status), told[0] if told else ""]
    return str(sentence) % {name: in_words(day) for name, day in days.items() if day}


def in_words(day: date) -> str:
    """The day as a sentence has it. French counts the first of a month: "le 1er juin", and then "le 2 juin"."""
    words = date_format(day)
    is_french = current_language() == "fr"
    return words.replace("1", "1er", 1) if is_french and day.day == 1 else words
