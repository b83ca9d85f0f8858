"""Public pages of the newsletter. None sets a cookie, and personal pages are never cached."""

import logging
import re
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from core.bot_protection import same_origin_only
from core.bot_protection.views import FAILURES, failed, refused

from . import services
from .choices import SubscriberState
from .consent import Circumstances
from .forms import LeaveForm, PreferencesForm, SubscribeForm
from .models import Subscriber
from .models.subscribers import Preferences
from .people import reconfirmation
from .tokens import (
    Purpose,
    TokenEndedError,
    TokenError,
    TokenExpiredError,
    TokenUnknownError,
    make,
    read,
)

logger = logging.getLogger(__name__)

# Every number of 18 digits fits into a key of the database.
DATABASE_NUMBER = re.compile(r"[0-9]{1,18}")


@method_decorator(same_origin_only, name="dispatch")
class PublicFormView(View):
    """A form with an e-mail address, open to anybody. The response does not depend on what is known of the address."""

    form_class: ClassVar[type[SubscribeForm | LeaveForm]]
    template: ClassVar[str]
    failed_template: ClassVar[str]
    failed_event: ClassVar[str]
    success_url_name: ClassVar[str]

    def get(self, request: HttpRequest) -> HttpResponse:
        form = self.form_class(initial={"language": get_language()})
        return render(request, self.template, {"form": form})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form_class(request.POST, request=request)
        try:
            if not form.is_valid():
                return refused(request, self.template, form)
            self.act(form)
        except FAILURES as failure:
            return failed(
                request, self.failed_template, failure, event=self.failed_event, form=form
            )
        return redirect(self.success_url_name)

    def act(self, form: Any) -> None:
        """Process a valid form."""
        raise NotImplementedError


class SubscribeView(PublicFormView):
    """Shows and receives the sign-up form. The band on other pages is sent here, too."""

    form_class = SubscribeForm
    template = "newsletter/subscribe.html"
    failed_template = "newsletter/failed.html"
    failed_event = "newsletter.sign_up_failed"
    success_url_name = "newsletter:thanks"

    def act(self, form: SubscribeForm) -> None:
        services.subscribe(
            email=form.cleaned_data["email"],
            preferences=form.preferences,
            circumstances=Circumstances.of(self.request),
            delay=form.delay,
        )


class LeaveView(PublicFormView):
    """Shows and receives the request for a link to unsubscribe, for people whose own link no longer works."""

    form_class = LeaveForm
    template = "newsletter/leave.html"
    failed_template = "newsletter/leave_failed.html"
    failed_event = "newsletter.leaving_failed"
    success_url_name = "newsletter:leave_asked"

    def act(self, form: LeaveForm) -> None:
        services.request_unsubscribe_link(email=form.cleaned_data["email"], delay=form.delay)


class LeaveAskedView(View):
    """Explains what happens next. The page is the same for everybody and does not mention the address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "newsletter/leave_asked.html")


class ThanksView(View):
    """Explains what happens next. The page is the same for everybody and does not mention the address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "newsletter/thanks.html")


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class TokenView(View):
    """The page of a personal link in a mail. GET changes nothing, since mail scanners open every link.

    The token authorises the request, and no other site knows it, so the form needs no CSRF token.
    """

    purpose: ClassVar[Purpose]
    # The reason shown for an expired link.
    expired: ClassVar[str] = "expired"
    # The reason shown for a confirmed subscriber whose link is used or no longer valid.
    used: ClassVar[str] = "unknown"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except TokenError as error:
            response = self.explain(request, error)
        response["X-Robots-Tag"] = "noindex"
        # Without the path, even to this site, since it contains the token.
        response["Referrer-Policy"] = "strict-origin"
        return response

    def explain(self, request: HttpRequest, error: TokenError) -> HttpResponse:
        """Explain why the link does not work, and what to do."""
        match error:
            case TokenUnknownError():
                reason, status = "unknown", HTTPStatus.NOT_FOUND
            case TokenExpiredError():
                reason, status = self.expired, HTTPStatus.GONE
            case TokenEndedError(state=SubscriberState.CONFIRMED):
                reason, status = self.used, HTTPStatus.GONE
            case TokenEndedError(state=SubscriberState.PENDING):
                reason, status = "replaced", HTTPStatus.GONE
            case _:
                reason, status = "ended", HTTPStatus.GONE
        context = {"reason": reason}
        return render(request, "newsletter/link_ended.html", context, status=status)


class ConfirmView(TokenView):
    """Shows a button to confirm the sign-up."""

    purpose = Purpose.CONFIRM
    used = "confirmed"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        read(token, self.purpose)
        return render(request, "newsletter/confirm.html")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        subscriber = services.confirm(token=token, circumstances=Circumstances.of(request))
        context = {"preferences_token": make(subscriber, Purpose.PREFERENCES)}
        return render(request, "newsletter/confirmed.html", context)


class StayView(TokenView):
    """Shows a button to stay subscribed, for recipients of a reconfirmation."""

    purpose = Purpose.STAY
    used = "confirmed"
    expired = "late"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        reconfirmation.subscriber_of_token(token)
        return render(request, "newsletter/stay.html")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        subscriber = reconfirmation.stay(token=token, circumstances=Circumstances.of(request))
        context = {"preferences_token": make(subscriber, Purpose.PREFERENCES)}
        return render(request, "newsletter/stayed.html", context)


class PreferencesView(TokenView):
    """Shows and receives the preferences of a confirmed subscriber."""

    purpose = Purpose.PREFERENCES

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        subscriber = self._subscriber(token)
        form = PreferencesForm(initial=asdict(Preferences.of(subscriber)))
        return self._page(request, form, subscriber)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        subscriber = self._subscriber(token)
        form = PreferencesForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, subscriber, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        services.update_preferences(
            token=token, preferences=form.preferences, circumstances=Circumstances.of(request)
        )
        return self._page(request, form, subscriber, is_saved=True)

    def _subscriber(self, token: str) -> Subscriber:
        subscriber = read(token, self.purpose)
        if subscriber.state != SubscriberState.CONFIRMED:
            raise TokenEndedError(SubscriberState(subscriber.state))
        return subscriber

    def _page(
        self,
        request: HttpRequest,
        form: PreferencesForm,
        subscriber: Subscriber,
        *,
        is_saved: bool = False,
        status: int = HTTPStatus.OK,
    ) -> HttpResponse:
        context = {
            "form": form,
            "is_saved": is_saved,
            "unsubscribe_token": make(subscriber, Purpose.UNSUBSCRIBE),
        }
        return render(request, "newsletter/preferences.html", context, status=status)


class UnsubscribeView(TokenView):
    """Shows a button to unsubscribe, and receives the one-click requests of mail programs. RFC 8058."""

    purpose = Purpose.UNSUBSCRIBE

    def explain(self, request: HttpRequest, error: TokenError) -> HttpResponse:
        """Offer the form for a new link, unless the subscription has ended."""
        if isinstance(error, TokenEndedError) and error.state not in {
            SubscriberState.PENDING,
            SubscriberState.CONFIRMED,
        }:
            return super().explain(request, error)
        is_known = isinstance(error, TokenExpiredError | TokenEndedError)
        status = HTTPStatus.GONE if is_known else HTTPStatus.NOT_FOUND
        context = {"form": LeaveForm(), "is_dead_link": True}
        return render(request, "newsletter/leave.html", context, status=status)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        subscriber = read(token, self.purpose)
        if subscriber.state in {SubscriberState.UNSUBSCRIBED, SubscriberState.SUPPRESSED}:
            raise TokenEndedError(SubscriberState(subscriber.state))
        return render(request, "newsletter/unsubscribe.html")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        # Links in issues contain the mailing. The form and mail programs send it back in the query string.
        issue = request.GET.get("issue", "")
        services.unsubscribe(
            token=token,
            circumstances=Circumstances.of(request),
            mailing_id=int(issue) if DATABASE_NUMBER.fullmatch(issue) else None,
        )
        return render(request, "newsletter/unsubscribed.html")
