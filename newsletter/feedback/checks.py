"""Tells operators that bounces and complaints do not reach the site."""

from typing import Any

from django.conf import settings
from django.core import checks

from .webhooks import WebhookClosedError, open_webhook


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
