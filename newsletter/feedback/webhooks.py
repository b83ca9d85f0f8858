"""Which provider's webhook is open, and a system check that warns operators when none is."""

from collections.abc import Mapping
from typing import Any

from anymail import urls
from anymail.exceptions import AnymailConfigurationError
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.core import checks

# Its own addresses are not the site's: beside tracking they take mail in.
TRACKING: Mapping[str, type[AnymailBaseWebhookView]] = {
    pattern.name.removesuffix("_tracking_webhook"): pattern.callback.view_class
    for pattern in urls.urlpatterns
    if pattern.name.endswith("_tracking_webhook")
}


class WebhookClosedError(Exception):
    """No events are taken. Says why, for operators."""


def open_webhook(provider: str) -> AnymailBaseWebhookView:
    """A view for one request from the provider that the settings name. Raises WebhookClosedError.

    Without a secret anybody could tell of bounces that were none, and so end subscriptions.
    """
    if not provider or provider != settings.MAIL_WEBHOOKS_FROM:
        raise WebhookClosedError("Another mail provider, or none, is set.")
    if provider not in TRACKING:
        raise WebhookClosedError(f"{provider} has no webhooks that django-anymail can read.")
    secrets = getattr(settings, "ANYMAIL", {}).get("WEBHOOK_SECRET", [])
    if not secrets or not all(":" in secret for secret in secrets):
        raise WebhookClosedError("ANYMAIL_WEBHOOK_SECRET is not set to name:password.")
    try:
        return TRACKING[provider]()
    except AnymailConfigurationError as error:  # The key of its signatures is missing.
        raise WebhookClosedError(str(error)) from None


@checks.register
def check_webhook(app_configs: Any, **_options: Any) -> list[checks.CheckMessage]:
    if not settings.MAIL_WEBHOOKS_FROM:
        return []
    try:
        open_webhook(settings.MAIL_WEBHOOKS_FROM)
    except WebhookClosedError as closed:
        return [
            checks.Warning(
                f"Bounces and complaints do not reach the site: {closed}",
                hint="Mail goes on to addresses that do not exist or complained. See .env.example.",
                id="newsletter.W001",
            )
        ]
    return []
