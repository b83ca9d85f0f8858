"""Transports to a mail server: SMTP, or a provider's API. The settings choose one."""

from collections.abc import Sequence
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage

from newsletter.delivery.messages import Message
from newsletter.delivery.outcomes import Outcome, ServerUnavailable

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Transport(Protocol):
    """A connection to a mail server or provider. Belongs to one thread, is kept between calls, uses no database.

    No method raises for what a server or a network does: that is an outcome. An exception is a bug or a wrong setting.
    """

    @property
    def batch_size(self) -> int:
        """How many messages one call takes at most."""
        ...

    def open(self) -> ServerUnavailable | None:
        """Connect, unless connected. Returns None when messages can be sent; for a provider's API always."""
        ...

    def send(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        """Hand messages over, reconnecting where needed; return their outcomes in the same order."""
        ...

    def send_message(self, message: EmailMessage) -> Outcome:
        """Hand over a message that Django made for one person, connecting where needed; return its outcome."""
        ...

    def close(self) -> None:
        """End the connection. The transport can be opened again."""
        ...


def make_transport() -> Transport:
    """Return a transport, not yet connected. Call it once for each thread."""
    # Only the one in use is loaded: providers bring their libraries.
    if settings.EMAIL_BACKEND == SMTP_BACKEND:
        from .smtp import SmtpTransport  # noqa: PLC0415

        return SmtpTransport()
    from .provider import ProviderTransport  # noqa: PLC0415

    return ProviderTransport()
