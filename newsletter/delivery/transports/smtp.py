"""Transport over SMTP, by a connection that stays open. RFC 5321.

Django's backend makes the connection, with its TLS, account and timeout. The dialogue is hand-made, since
`smtplib.sendmail` does not report at which command a connection was lost, and so whether the message may have arrived.
It costs no speed: one worker sends 1.85 times as many mails as a bare loop of `sendmail` (`make bench`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from smtplib import SMTP, SMTPResponseException, SMTPServerDisconnected
from typing import Protocol

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from newsletter.delivery.messages import Message, sender_address
from newsletter.delivery.outcomes import (
    AddressRefused,
    Outcome,
    PermanentFailure,
    Sent,
    ServerUnavailable,
    TemporaryFailure,
    Unknown,
    not_made,
)

# A server may scan for viruses before it answers. RFC 5321, section 4.5.3.2.6.
PATIENCE_AFTER_DATA = 600.0  # seconds
CLOSING = 421
# Bad mailbox, bad host, bad syntax, moved, host accepts no mail. Not 5.1.0, 5.1.7 and 5.1.8, which concern the sender.
# RFC 3463, section 3.2; RFC 7505, section 4.2.
NO_SUCH_MAILBOX = re.compile(r"5\d\d 5\.1\.(1|2|3|6|10)")
TOO_MANY_RECIPIENTS = 552  # In answer to RCPT this code means 452: RFC 5321, section 4.5.3.1.10.
_ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")

Reply = tuple[int, bytes]


class _LostBeforeContentError(Exception):
    """The connection was lost before the server had the whole mail, so it was not sent.

    `is_of_server`: lost at a command that does not depend on the mail, so any other would have failed too.
    """

    def __init__(self, error: str, *, is_of_server: bool = False) -> None:
        super().__init__(error)
        self.is_of_server = is_of_server


class _Mail(Protocol):
    """A mail as SMTP needs it."""

    @property
    def address(self) -> str: ...
    @property
    def raw(self) -> bytes: ...


@dataclass(frozen=True)
class _WrittenMail:
    address: str
    raw: bytes


class SmtpTransport:
    """One connection to the server of `EMAIL_URL`."""

    batch_size = 1

    def __init__(self) -> None:
        self._backend = EmailBackend()
        self._sender = sender_address()

    def open(self) -> ServerUnavailable | None:
        try:
            self._backend.open()
            self._smtp.ehlo_or_helo_if_needed()
        except SMTPResponseException as error:
            self._drop()
            code = _code((error.smtp_code, _bytes(error.smtp_error)))
            return ServerUnavailable(code, is_of_connection=True)
        except (OSError, ValueError) as error:  # The base classes of SMTP and TLS errors.
            self._drop()
            return ServerUnavailable(type(error).__name__, is_of_connection=True)
        return None

    def send(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        return [self._send(message) for message in messages]

    def send_message(self, message: EmailMessage) -> Outcome:
        [address] = message.to
        try:
            raw = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
            mail = _WrittenMail(address, raw)
        except ValueError as error:
            return not_made(error)
        return self._send(mail)

    def close(self) -> None:
        connection, self._backend.connection = self._backend.connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except OSError:  # The server had already closed it.
            connection.close()

    @property
    def _smtp(self) -> SMTP:
        smtp = self._backend.connection
        if smtp is None:
            raise SMTPServerDisconnected
        return smtp

    def _drop(self) -> None:
        """Close a broken connection without QUIT."""
        if self._backend.connection is not None:
            self._backend.connection.close()
            self._backend.connection = None

    def _send(self, mail: _Mail) -> Outcome:
        is_kept = self._backend.connection is not None
        unavailable = self.open()
        if unavailable:
            return unavailable
        try:
            recipient = f"RCPT TO:<{mail.address}>\r\n".encode("ascii")
            raw = mail.raw  # Built on each access.
            raw += b"" if raw.endswith(b"\r\n") else b"\r\n"
            content = raw.replace(b"\r\n.", b"\r\n..") + b".\r\n"
        except ValueError as error:
            return not_made(error)
        try:
            return self._converse(recipient, content)
        except _LostBeforeContentError as lost:
            self._drop()
            # Servers close connections after some time or number of mails, so a new one may succeed.
            if is_kept:
                return self._send(mail)
            if lost.is_of_server:
                return ServerUnavailable(str(lost), is_of_connection=True)
            return TemporaryFailure(
                str(lost)
            )  # Caused by this mail alone, so that it does not hold up others.

    def _converse(self, recipient: bytes, content: bytes) -> Outcome:
        smtp = self._smtp
        refusal = self._envelope(smtp, recipient)
        if refusal:
            return refusal
        try:
            smtp.send(content)
        except OSError as error:  # The last line was not sent.
            raise _LostBeforeContentError(type(error).__name__) from None
        return self._answer_to_content(smtp)

    def _envelope(self, smtp: SMTP, recipient: bytes) -> Outcome | None:
        """Send the commands before the content. Return an outcome if the server refuses, None if it expects content."""
        sender = f"MAIL FROM:<{self._sender}>\r\n".encode("ascii")
        try:
            if smtp.has_extn("pipelining"):  # RFC 2920
                smtp.send(sender + recipient + b"DATA\r\n")
                mail, rcpt, data = smtp.getreply(), smtp.getreply(), smtp.getreply()
            else:
                mail = rcpt = data = (0, b"")
                smtp.send(sender)
                mail = smtp.getreply()
                if _is_good(mail):
                    smtp.send(recipient)
                    rcpt = smtp.getreply()
                if _is_good(rcpt):
                    smtp.send(b"DATA\r\n")
                    data = smtp.getreply()
            if data[0] == 354 and not (_is_good(mail) and _is_good(rcpt)):
                smtp.send(b".\r\n")  # Empty content for no recipient: RFC 2920, section 3.1.
                smtp.getreply()
        except OSError as error:
            raise _LostBeforeContentError(type(error).__name__) from None
        if CLOSING in (mail[0], rcpt[0], data[0]):
            raise _LostBeforeContentError(str(CLOSING), is_of_server=mail[0] == CLOSING)
        refusal = _refusal(mail, rcpt, data)
        if refusal:
            self._reset(smtp)
        return refusal

    def _answer_to_content(self, smtp: SMTP) -> Outcome:
        limit = self._backend.timeout
        try:
            if smtp.sock is not None and limit is not None:
                smtp.sock.settimeout(max(PATIENCE_AFTER_DATA, limit))
            answer = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(limit)
        except OSError as error:
            self._drop()  # The server may have accepted the mail.
            return Unknown(type(error).__name__)
        if _is_good(answer):
            return Sent()
        if answer[0] == CLOSING:
            self._drop()
        kind = PermanentFailure if answer[0] >= 500 else TemporaryFailure
        return kind(_code(answer))

    def _reset(self, smtp: SMTP) -> None:
        try:
            smtp.rset()
        except OSError:
            self._drop()


def _refusal(mail: Reply, rcpt: Reply, data: Reply) -> Outcome | None:
    """Return the outcome of refused commands. Only a refusal of the recipient is permanent."""
    if not _is_good(mail):
        return TemporaryFailure(_code(mail))
    if not _is_good(rcpt):
        if rcpt[0] < 500 or rcpt[0] == TOO_MANY_RECIPIENTS:
            return TemporaryFailure(_code(rcpt))
        code = _code(rcpt)
        return AddressRefused(code) if NO_SUCH_MAILBOX.fullmatch(code) else PermanentFailure(code)
    return None if data[0] == 354 else TemporaryFailure(_code(data))


def _is_good(reply: Reply) -> bool:
    return 200 <= reply[0] < 300


def _code(reply: Reply) -> str:
    """Return the code, with the enhanced one (RFC 3463) if any: "550 5.1.1". Never the text, which quotes addresses."""
    enhanced = _ENHANCED_CODE.match(reply[1])
    return f"{reply[0]} {enhanced[0].decode('ascii')}" if enhanced else str(reply[0])


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
