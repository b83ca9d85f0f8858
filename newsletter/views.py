"""The pages of the sign-up. None sets a cookie; what concerns one person is never cached."""

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
from .people import reconfirmation
from .preferences import Preferences
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

# 18 digits: whatever fits is a number of the database.
DATABASE_NUMBER = re.compile(r"[0-9]{1,18}")


@method_decorator(same_origin_only, name="dispatch")
class PublicFormView(View):
    """A form with an address that anybody may send: answered in the same way whatever is known of the address."""

    form_class: ClassVar[type[SubscribeForm | LeaveForm]]
    template: ClassVar[str]
    failed_template: ClassVar[str]
    failed_event: ClassVar[str]
    answer: ClassVar[str]  # The name of the page that is shown once the form was sent.

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
        return redirect(self.answer)

    def act(self, form: Any) -> None:
        """Do what the valid form asks for."""
        raise NotImplementedError


class SubscribeView(PublicFormView):
    """The form of the sign-up, and where every such form is sent."""

    form_class = SubscribeForm
    template = "newsletter/subscribe.html"
    failed_template = "newsletter/failed.html"
    failed_event = "newsletter.sign_up_failed"
    answer = "newsletter:thanks"

    def act(self, form: SubscribeForm) -> None:
        services.subscribe(
            email=form.cleaned_data["email"],
            preferences=form.preferences,
            circumstances=Circumstances.of(self.request),
            delay=form.delay,
        )


class LeaveView(PublicFormView):
    """Where people ask for a link to leave, when that of their mail works no more."""

    form_class = LeaveForm
    template = "newsletter/leave.html"
    failed_template = "newsletter/leave_failed.html"
    failed_event = "newsletter.leaving_failed"
    answer = "newsletter:leave_asked"

    def act(self, form: LeaveForm) -> None:
        services.ask_to_leave(email=form.cleaned_data["email"], delay=form.delay)


class LeaveAskedView(View):
    """What happens next. Without a word of the address, so it is one page for everyone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "newsletter/leave_asked.html")


class ThanksView(View):
    """What happens next. Without a word of the address, so it is one page for everyone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "newsletter/thanks.html")


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class TokenView(View):
    """A page that a link in a mail leads to. Opening it changes nothing: scanners of mail open every link.

    The token is all the authority there is, and no other site knows it, so its form needs no other protection.
    """

    purpose: ClassVar[Purpose]
    # What is said of a link that came too late.
    expired: ClassVar[str] = "expired"
    # What is said of a link that is not, or no more, the one of a confirmed subscriber.
    used: ClassVar[str] = "unknown"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except TokenError as error:
            response = self.explain(request, error)
        response["X-Robots-Tag"] = "noindex"
        # Not even to this site: the path holds the token.
        response["Referrer-Policy"] = "strict-origin"
        return response

    def explain(self, request: HttpRequest, error: TokenError) -> HttpResponse:
        """Say what became of the link, and what to do now."""
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
    """One button, which confirms."""

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
    """One button, for those who were asked whether they want to stay."""

    purpose = Purpose.STAY
    used = "confirmed"
    expired = "late"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        reconfirmation.asked_by_token(token)
        return render(request, "newsletter/stay.html")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        subscriber = reconfirmation.stay(token=token, circumstances=Circumstances.of(request))
        context = {"preferences_token": make(subscriber, Purpose.PREFERENCES)}
        return render(request, "newsletter/stayed.html", context)


class PreferencesView(TokenView):
    """What a confirmed subscriber wants to read."""

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
    """One button, which unsubscribes; and where programs of mail send the one-click request. RFC 8058."""

    purpose = Purpose.UNSUBSCRIBE

    def explain(self, request: HttpRequest, error: TokenError) -> HttpResponse:
        """Whatever is wrong with the link, lead on to leaving; only who has left is told so."""
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
        # Links in issues say of which: the form and programs of mail send it back with the address.
        issue = request.GET.get("issue", "")
        services.unsubscribe(
            token=token,
            circumstances=Circumstances.of(request),
            mailing_id=int(issue) if DATABASE_NUMBER.fullmatch(issue) else None,
        )
        return render(request, "newsletter/unsubscribed.html")
