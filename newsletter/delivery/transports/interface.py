"""What a way to a mail server takes and gives.

A transport belongs to one thread, keeps its connection from call to call, and asks nothing of the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from django.core.mail import EmailMessage

from newsletter.words import Slot


@dataclass(frozen=True, slots=True)
class Sent:
    """The server has taken the mail over."""


@dataclass(frozen=True, slots=True)
class TemporaryFailure:
    """The mail was not taken over, and may be later: greylisting, a full mailbox, a limit."""

    error: str


@dataclass(frozen=True, slots=True)
class PermanentFailure:
    """The mail was not taken over, and never will be: its content or this sender is not wanted."""

    error: str


@dataclass(frozen=True, slots=True)
class AddressRefused:
    """The mail was not taken over, and no other to this address will be: there is no such mailbox."""

    error: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The mail may have been taken over: the connection was lost before the server answered."""

    error: str


@dataclass(frozen=True, slots=True)
class ServerUnavailable:
    """Nothing was handed over, for a reason that has to do with the server and not with the mail.

    `is_of_connection`: the server did not take this one connection. Others, which are open, may go on.
    """

    error: str
    is_of_connection: bool = False


# `error` is a code such as "550 5.1.1" or the name of an exception, of 80 characters at most. It is never the
# server's words: they quote addresses.
Outcome: TypeAlias = (
    Sent | TemporaryFailure | PermanentFailure | AddressRefused | Unknown | ServerUnavailable
)


class Content(Protocol):
    """The words of a mailing in a language, the same object for all its readers.

    `html` and `text` hold marks where each reader's own links stand: see `newsletter.words`.
    """

    @property
    def subject(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...


class OutgoingMail(Protocol):
    """One mail to one reader."""

    @property
    def delivery_id(self) -> int: ...
    @property
    def mailing_id(self) -> int: ...
    @property
    def address(self) -> str: ...
    @property
    def content(self) -> Content: ...
    @property
    def links(self) -> Mapping[Slot, str]:
        """The reader's own addresses, each to stand where its mark is in the content."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """All but From, To, Subject, Date and what MIME needs: Message-ID, List-Unsubscribe and so on."""
        ...

    @property
    def raw(self) -> bytes:
        """The whole mail as SMTP carries it: lines end in CRLF, dots are not doubled. Made when it is asked for."""
        ...


class Transport(Protocol):
    """A way to a mail server.

    No method raises for what a server or a network does: that is an outcome. What is raised is a mistake in
    the program or its settings.
    """

    @property
    def batch_size(self) -> int:
        """How many mails one call takes at most."""
        ...

    def open(self) -> ServerUnavailable | None:
        """Connect, unless connected. None when mail can be sent now; for a provider's API always."""
        ...

    def send(self, mails: Sequence[OutgoingMail]) -> Sequence[Outcome]:
        """Hand mails over, connecting again where need be; give what came of each, in the same order."""
        ...

    def send_message(self, message: EmailMessage) -> Outcome:
        """Hand over a mail that Django wrote to one person, connecting where need be; give what came of it."""
        ...

    def close(self) -> None:
        """End the connection. The transport can be opened again."""
        ...
