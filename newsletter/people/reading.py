"""Reads a list of people from a CSV file: into their addresses and choices, or into what is wrong with it.

No message quotes a cell: it may hold an address.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.choices import Topic
from core.csv_files import (
    Headings,
    ImportRefusedError,
    Problem,
    clean,
    columns_of,
    decoded,
    folded,
    records,
    refusal,
    wrong_length,
)
from newsletter.addresses import normalise_email
from newsletter.preferences import Preferences
from record.choices import Region

KEY = "email"
MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000
# A file that is wrong throughout is not read to its end.
MOST_PROBLEMS = 10_000


@dataclass(frozen=True)
class Column:
    """What a cell of the column may hold, and what it means, in words."""

    parse: Callable[[str], Any]
    words: str | Promise
    values: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person of a list: the normalised address, and what the list says of their choices."""

    email: str
    preferences: Preferences


@dataclass
class SubscriberList:
    """Whom a file names, each once and in its order, and how many lines named somebody again."""

    people: list[ListedPerson] = field(default_factory=list)
    repeated: int = 0


def _one_of(values: Sequence[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in values:
            raise ValidationError(
                _("This is not one of: %(words)s."), params={"words": ", ".join(values)}
            )
        return text

    return parse


def _some_of(values: Sequence[str]) -> Callable[[str], list[str]]:
    """Several between semicolons or bars, each once."""
    parse_one = _one_of(values)

    def parse(text: str) -> list[str]:
        parts = [part.strip() for part in text.replace("|", ";").split(";")]
        return list(dict.fromkeys(parse_one(part) for part in parts if part))

    return parse


COLUMNS: Mapping[str, Column] = {
    KEY: Column(
        normalise_email, gettext_lazy("E-mail address. The only column that must be there.")
    ),
    "language": Column(
        _one_of([code for code, _language in settings.LANGUAGES]),
        gettext_lazy("Language: en, fr, es or ar. Blank: the one chosen in the form."),
    ),
    "regions": Column(
        _some_of(Region.values),
        gettext_lazy(
            "Regions of which the person wants news, with a semicolon between. Blank: all."
        ),
        Region.values,
    ),
    "topics": Column(
        _some_of(Topic.values),
        gettext_lazy(
            "Topics of which the person wants news, with a semicolon between. Blank: all."
        ),
        Topic.values,
    ),
}


# What other systems for newsletters and address books call the column, folded; in the languages of the site too.
ALIASES = dict.fromkeys(
    (
        *("e_mail", "mail", "email_address", "e_mail_address", "emailaddress", "subscriber_email"),
        *("adresse_e_mail", "adresse_email", "adresse_électronique", "adresse_mail", "courriel"),
        *("correo", "correo_electrónico", "dirección_de_correo_electrónico", "dirección_de_correo"),
        *("البريد_الإلكتروني", "عنوان_البريد_الإلكتروني", "البريد_الالكتروني"),
    ),
    KEY,
)
# With what Mailchimp says when and why somebody left, or that their mail bounced.
LEFT_ELSEWHERE = frozenset(
    {
        *("unsub_time", "unsub_campaign_title", "unsub_campaign_id", "unsub_reason"),
        *("unsub_reason_other", "clean_time", "clean_campaign_title", "clean_campaign_id"),
    }
)
# What other systems, and our own export, have besides, and is not needed here.
UNREAD = LEFT_ELSEWHERE | {
    *("name", "first_name", "last_name", "full_name", "organisation", "organization", "company"),
    *("address", "phone", "phone_number", "birthday", "country", "member_rating", "tags", "notes"),
    *("optin_time", "optin_ip", "confirm_time", "confirm_ip", "last_changed", "leid", "euid"),
    *("latitude", "longitude", "gmtoff", "dstoff", "timezone", "cc", "region"),
    *("state", "signed_up", "confirmed", "left"),
}
HEADINGS = Headings(
    known=COLUMNS,
    key=KEY,
    without_key=gettext_lazy("There is no column email: it says who a row is about."),
    aliases=ALIASES,
    unread=UNREAD,
)


def read(content: bytes, *, language: str, are_kept_from_mail: bool = False) -> SubscriberList:
    """Return the people that the file names; `language` is of those whose row says none.

    Who stands in the file twice counts once, by the first line. A list of people who are not to be written to may have
    columns that say so; a list of people to subscribe may not. Raises `ImportRefusedError` with all that is wrong.
    """
    found = records(decoded(content, max_bytes=MAX_BYTES))
    _line, headings = next(found, (1, []))
    columns, problems = _columns(headings, are_kept_from_mail=are_kept_from_mail)
    people: dict[str, ListedPerson] = {}
    rows = 0
    for line, record in found:
        rows += 1
        if rows > MAX_ROWS:
            raise refusal(_("The file has more than %(most)d rows.") % {"most": MAX_ROWS}, line)
        if len(problems) >= MOST_PROBLEMS:
            break
        if len(record) != len(headings):
            problems.append(wrong_length(line, cells=len(record), columns=len(headings)))
            continue
        cells, wrong = _row(line, columns, record)
        problems += wrong
        if not wrong:
            person = _person(cells, language)
            people.setdefault(person.email, person)
    if problems:
        raise ImportRefusedError(problems)
    if not rows:
        raise refusal(_("The file has headings and no rows."))
    return SubscriberList(list(people.values()), rows - len(people))


def _columns(
    headings: Sequence[str], *, are_kept_from_mail: bool
) -> tuple[list[str], list[Problem]]:
    columns, problems = columns_of([heading.strip() for heading in headings], HEADINGS)
    if not are_kept_from_mail and not LEFT_ELSEWHERE.isdisjoint(map(folded, headings)):
        raise refusal(
            _(
                "The people of this list left elsewhere. "
                "Bring it in as a list of those who are not to be written to."
            ),
            1,
        )
    return columns, problems


def _row(
    line: int, columns: Sequence[str], record: Sequence[str]
) -> tuple[dict[str, Any], list[Problem]]:
    """The cells that are not blank, parsed, by their columns."""
    cells: dict[str, Any] = {}
    problems: list[Problem] = []
    for column, raw in zip(columns, record, strict=True):
        if not column:
            continue
        try:
            if text := clean(raw):
                cells[column] = COLUMNS[column].parse(text)
            elif column == KEY:
                problems.append(Problem(_("The row has no address."), line, column))
        except ValidationError as error:
            problems += [Problem(message, line, column) for message in error.messages]
    return cells, problems


def _person(cells: Mapping[str, Any], language: str) -> ListedPerson:
    return ListedPerson(
        cells[KEY],
        Preferences(
            language=cells.get("language", language),
            regions=cells.get("regions", []),
            topics=cells.get("topics", []),
        ),
    )
