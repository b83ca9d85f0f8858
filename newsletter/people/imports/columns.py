"""Reads lists of people from CSV files: people to subscribe, or addresses to suppress."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.choices import Topic
from core.imports.cells import one_of, some_of
from core.imports.columns import Column, Schema
from core.imports.problems import ImportRefusedError
from newsletter.addresses import normalise_email
from newsletter.choices import ListKind
from newsletter.models.subscribers import Preferences
from record.choices import Region

KEY = "email"
MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000

# Headings of the address column in other newsletter systems and address books, also in the languages of the site.
ALIASES = dict.fromkeys(
    (
        *("e_mail", "mail", "email_address", "e_mail_address", "emailaddress", "subscriber_email"),
        *("adresse_e_mail", "adresse_email", "adresse_électronique", "adresse_mail", "courriel"),
        *("correo", "correo_electrónico", "dirección_de_correo_electrónico", "dirección_de_correo"),
        *("البريد_الإلكتروني", "عنوان_البريد_الإلكتروني", "البريد_الالكتروني"),
    ),
    KEY,
)
# Mailchimp's headings for the time and reason of unsubscriptions and bounces.
LEFT_ELSEWHERE = frozenset(
    {
        *("unsub_time", "unsub_campaign_title", "unsub_campaign_id", "unsub_reason"),
        *("unsub_reason_other", "clean_time", "clean_campaign_title", "clean_campaign_id"),
    }
)
# Other headings of such systems and of our own export, which are ignored.
IGNORED = {
    *("name", "first_name", "last_name", "full_name", "organisation", "organization", "company"),
    *("address", "phone", "phone_number", "birthday", "country", "member_rating", "tags", "notes"),
    *("optin_time", "optin_ip", "confirm_time", "confirm_ip", "last_changed", "leid", "euid"),
    *("latitude", "longitude", "gmtoff", "dstoff", "timezone", "cc", "region"),
    *("state", "signed_up", "confirmed", "left"),
}

SUBSCRIBERS = Schema(
    columns={
        KEY: Column(normalise_email, _("E-mail address. The only required column.")),
        "language": Column(
            one_of([code for code, _name in settings.LANGUAGES]),
            _("Language: en, fr, es or ar. Blank: the one chosen in the form."),
        ),
        "regions": Column(
            some_of(Region.values),
            _("Regions about which the person wants news, separated by semicolons. Blank: all."),
            Region.values,
        ),
        "topics": Column(
            some_of(Topic.values),
            _("Topics about which the person wants news, separated by semicolons. Blank: all."),
            Topic.values,
        ),
    },
    key=KEY,
    missing_key=_("The column email is missing: it identifies the person of each row."),
    blank_key=_("The row has no address."),
    max_bytes=MAX_BYTES,
    max_rows=MAX_ROWS,
    aliases=ALIASES,
    ignored=IGNORED,
    refused=dict.fromkeys(
        LEFT_ELSEWHERE,
        _(
            "The people in this list unsubscribed elsewhere or bounced. "
            "Import it as a list of people who must not receive mail."
        ),
    ),
    is_confidential=True,
)
# Lists of people who unsubscribed elsewhere, or whose mail bounced there.
DO_NOT_MAIL = replace(SUBSCRIBERS, ignored=IGNORED | LEFT_ELSEWHERE, refused={})


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person of a list, with normalised address and the choices in the list."""

    email: str
    preferences: Preferences


@dataclass
class SubscriberList:
    """The people of a file, each once and in order, and the number of repeated lines."""

    people: list[ListedPerson] = field(default_factory=list)
    repeated: int = 0


def read(content: bytes, *, language: str, kind: ListKind = ListKind.PEOPLE) -> SubscriberList:
    """Return the people in a file. `language` is that of people whose row has none.

    Only the first line of a person counts. Raises `ImportRefusedError` with every mistake.
    """
    schema = SUBSCRIBERS if kind == ListKind.PEOPLE else DO_NOT_MAIL
    rows, problems = schema.read(content)
    if problems:
        raise ImportRefusedError(problems)
    people: dict[str, ListedPerson] = {}
    for row in rows:
        people.setdefault(row.cells[KEY], _person(row.cells, language))
    return SubscriberList(list(people.values()), len(rows) - len(people))


def _person(cells: Mapping[str, Any], language: str) -> ListedPerson:
    return ListedPerson(
        cells[KEY],
        Preferences(
            language=cells.get("language", language),
            regions=cells.get("regions", []),
            topics=cells.get("topics", []),
        ),
    )
