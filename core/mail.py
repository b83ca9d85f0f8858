"""Sending mail from a job."""

from collections.abc import Iterator
from contextlib import contextmanager
from smtplib import SMTPException

from anymail.exceptions import AnymailError


class MailNotSentError(Exception):
    """Sending failed; the job is tried again. Says what failed without an address, as logs must."""


@contextmanager
def failures_without_addresses() -> Iterator[None]:
    """Raise MailNotSentError for what a mail server or provider answers: its words quote addresses or the message."""
    try:
        yield
    except (SMTPException, AnymailError, OSError) as error:
        raise MailNotSentError(type(error).__name__) from None
