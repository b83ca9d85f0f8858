"""The webhook to which a mail provider reports events."""

import logging
from typing import Any

from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from .services import take_event
from .webhooks import WebhookClosedError, open_webhook

logger = logging.getLogger(__name__)

# What django-anymail's readers raise for a body of another shape than the provider's. An event of incoming mail is
# ImproperlyConfigured.
MALFORMED = (
    AnymailError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImproperlyConfigured,
    LookupError,
    MultiPartParserError,
    OSError,  # The sender hung up, or a time that the machine cannot tell.
    RecursionError,
    SuspiciousOperation,
    TypeError,
    ValueError,
)


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class TrackingWebhookView(View):
    """Only the provider that the settings name is listened to, and only with the secret.

    django-anymail checks the secret and the provider's signature, and reads the events. All of them are read before
    the first changes anything. When the site itself fails, the provider is answered with a 500 and tells it again.
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
        """Answer 200: some providers check the address before they send to it."""
        return HttpResponse()

    def post(self, request: HttpRequest, provider: str) -> HttpResponse:
        if "Authorization" not in request.headers:
            # Amazon sends the secret only when it is asked for it.
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
            take_event(event=event, esp_name=self.webhook.esp_name)
        return HttpResponse()

    def _refuse(
        self, status: int, reason: str, headers: dict[str, str] | None = None
    ) -> HttpResponse:
        """Answer without the error's text, which may quote the body, and with it addresses."""
        logger.warning("newsletter.webhook_refused", extra={"reason": reason})
        return HttpResponse(status=status, headers=headers)


def _read(webhook: AnymailBaseWebhookView, request: HttpRequest) -> list[AnymailTrackingEvent]:
    webhook.run_validators(request)
    return list(webhook.parse_events(request))


def _length_of(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0
