"""Which way to the mail server the settings name."""

from django.conf import settings

from .interface import Transport

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


def make_transport() -> Transport:
    """A transport, not yet connected. Call it once a thread."""
    if settings.EMAIL_BACKEND == SMTP_BACKEND:
        from .smtp import SmtpTransport  # noqa: PLC0415 - only the one that is used.

        return SmtpTransport()
    from .provider import ProviderTransport  # noqa: PLC0415

    return ProviderTransport()
