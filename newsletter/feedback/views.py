"""The webhook to which a mail provider reports events, and a system check of its settings."""

import logging
from collections.abc import Mapping
from typing import Any

from anymail import urls
from anymail.exceptions import (
    AnymailConfigurationError,
    AnymailError,
    AnymailWebhookValidationFailure,
)
from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from .services import record_event

logger = logging.getLogger(__name__)

# Errors of django-anymail for a malformed body. An event of incoming mail raises ImproperlyConfigured.
MALFORMED = (
    AnymailError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImproperlyConfigured,
    LookupError,
    MultiPartParserError,
    OSError,  # The sender disconnected, or a timestamp is out of range.
    RecursionError,
    SuspiciousOperation,
    TypeError,
    ValueError,
)


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class TrackingWebhookView(View):
    """Receives events from the provider in the settings, if the request has the secret.

    django-anymail checks the secret and the provider's signature, and parses the events. All are parsed before the
    first is applied. If the site itself fails, the response is a 500, and the provider repeats the report.
    """

    http_method_names = ["get", "head", "options", "post"]

    def dispatch(self, request: HttpRequest, provider: str) -> Any:
        try:
            self.webhook = open_webhook(provider)
        except WebhookClosedError:
            raise Http404 from None
        self.webhook.setup(request)
        return super().dispatch(request, provider)

    def get(self, request: HttpRequest, provider: str) -> HttpResponse:
        """Return 200, since some providers check the URL before they use it."""
        return HttpResponse()

    def post(self, request: HttpRequest, provider: str) -> HttpResponse:
        if "Authorization" not in request.headers:
            # Amazon sends the secret only after a challenge.
            challenge = {"WWW-Authenticate": 'Basic realm="webhook"'}
            return self._refuse(401, "no_secret", challenge)
        if _length_of(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return self._refuse(413, "too_long")
        try:
            events = _read(self.webhook, request)
        except AnymailWebhookValidationFailure:
            return self._refuse(403, "wrong_secret_or_signature")
        except MALFORMED:
            return self._refuse(400, "malformed")
        for event in events:
            record_event(event=event, esp_name=self.webhook.esp_name)
        return HttpResponse()

    def _refuse(
        self, status: int, reason: str, headers: dict[str, str] | None = None
    ) -> HttpResponse:
        """Refuse without the text of the error, which may quote addresses from the body."""
        logger.warning("newsletter.webhook_refused", extra={"reason": reason})
        return HttpResponse(status=status, headers=headers)


def _read(webhook: AnymailBaseWebhookView, request: HttpRequest) -> list[AnymailTrackingEvent]:
    webhook.run_validators(request)
    return list(webhook.parse_events(request))


def _length_of(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0


# The URLs of django-anymail are not used, since they also receive incoming mail.
TRACKING: Mapping[str, type[AnymailBaseWebhookView]] = {
    pattern.name.removesuffix("_tracking_webhook"): pattern.callback.view_class
    for pattern in urls.urlpatterns
    if pattern.name.endswith("_tracking_webhook")
}


class WebhookClosedError(Exception):
    """The webhook is not open. The message tells operators why."""


def open_webhook(provider: str) -> AnymailBaseWebhookView:
    """Return a view for one request from the provider in the settings. Raises WebhookClosedError.

    Without a secret anybody could report false bounces, and so end subscriptions.
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
    except AnymailConfigurationError as error:  # The key for signatures is missing.
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
