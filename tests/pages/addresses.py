"""The kinds of pages that visitors can meet, for checks that apply to all of them."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from unittest import mock

from django.apps import apps
from django.db import DatabaseError
from django.test import override_settings
from django.urls import clear_url_caches
from wagtail.models import Page as WagtailPage

from coalition_site import urls
from contact.models import ContactPage
from home.models import StandardPage
from newsletter.tokens import Purpose, make
from tests import factories
from tests.html import parse
from tests.newsletter.factories import SubscriberFactory

from .visitors import Answer, Visitor

PREFIX = {"en": "", "ar": "/ar"}

Go = Callable[[Visitor, str], Answer]


@dataclass(frozen=True)
class Address:
    """One kind of page: how to reach it in a language, and the expected status."""

    name: str
    go: Go
    status: int = 200
    languages: tuple[str, ...] = ("en", "ar")
    is_page_type: bool = False
    # Conditions that must hold while the page is requested.
    meanwhile: Callable[[], AbstractContextManager[object]] = nullcontext

    def visit(self, visitor: Visitor, language: str) -> Answer:
        """Visit the page and check its status, language and direction."""
        with self.meanwhile():
            answer = self.go(visitor, language)
        assert answer.status == self.status
        root = parse(answer.html).find("html")
        assert root["lang"] == language
        assert root["dir"] == ("rtl" if language == "ar" else "ltr")
        return answer


def page_types() -> list[type[WagtailPage]]:
    """Return every page type of the project, so that new ones are checked without further ado."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, WagtailPage) and model is not WagtailPage
    ]


def at(path: str) -> Go:
    return lambda visitor, language: visitor.goto(PREFIX[language] + path)


def at_page_of(model: type[WagtailPage], query: str = "") -> Go:
    """Visit the page of a type with the most blocks in its body.

    A query with unknown parameters bypasses the page cache.
    """

    def go(visitor: Visitor, language: str) -> Answer:
        pages = model.objects.live().filter(locale__language_code=language)
        assert pages, f"The tests' content has no {model.__name__} in {language}."
        fullest = max(pages, key=lambda page: len(getattr(page, "body", [])))
        return visitor.goto(fullest.get_url_parts()[2] + query)

    return go


def sent(there: Go, *, filled_in: bool = False) -> Go:
    """Visit the response to the first form of a page, without the checks of the browser and its scripts."""

    def go(visitor: Visitor, language: str) -> Answer:
        there(visitor, language)
        return visitor.send_form(filled_in=filled_in)

    return go


def by_mail(purpose: Purpose, *, confirmed: bool, press: bool = False) -> Go:
    """Visit the page of a link in a mail or, with `press`, the page after its button."""

    def go(visitor: Visitor, language: str) -> Answer:
        subscriber = SubscriberFactory.create(confirmed=confirmed)
        path = f"/newsletter/{purpose}/{make(subscriber, purpose)}/"
        return (sent(at(path)) if press else at(path))(visitor, language)

    return go


def as_staff(path: str, *, superuser: bool = True) -> Go:
    def go(visitor: Visitor, language: str) -> Answer:
        factory = factories.SuperuserFactory if superuser else factories.UserFactory
        visitor.sign_in(factory.create())
        return at(path)(visitor, language)

    return go


@contextmanager
def failing_pages() -> Iterator[None]:
    with mock.patch.object(StandardPage, "serve", side_effect=DatabaseError):
        yield


@contextmanager
def development() -> Iterator[None]:
    """Switch to the addresses of development."""
    with override_settings(DEBUG=True):
        importlib.reload(urls)
        clear_url_caches()
        yield
    importlib.reload(urls)
    clear_url_caches()


def leaving() -> Iterator[Address]:
    yield Address("leaving", at("/newsletter/leave/"))
    yield Address("leaving, asked", at("/newsletter/leave/asked/"))
    yield Address("leaving by a dead link", at("/newsletter/unsubscribe/x/"), status=404)


def addresses() -> Iterator[Address]:
    for model in page_types():
        yield Address(model.__name__, at_page_of(model), is_page_type=True)
    yield Address("missing page", at("/no-such-page/"), status=404)
    yield Address(
        "failure", at_page_of(StandardPage, "?fails"), status=500, meanwhile=failing_pages
    )
    yield Address("components", at("/dev/components/"), languages=("en",), meanwhile=development)

    yield Address("search", at("/search/"))
    yield Address("search, found", at("/search/?q=court"))
    yield Address("search, nothing found", at("/search/?q=zzzz"))

    yield Address("documentation of the API", at("/api/v1/docs"), languages=("en",))

    yield Address("tracker", at("/tracker/"))
    yield Address("tracker, filtered", at("/tracker/?on=2010-12-31&region=africa&sort=-status"))
    yield Address("tracker, nothing found", at("/tracker/?q=zzzz"))
    yield Address("tracker, wrong", at("/tracker/?on=2020-13-45&region=mars"), status=400)
    yield Address("tracker, columns", at("/tracker/data-dictionary/"))
    yield Address("tracker, framed", at("/tracker/embed/"))

    yield Address("news, filtered", at("/news/?kind=briefing&campaign=elections"))
    yield Address("news, nothing found", at("/news/?kind=statement"))
    yield Address("news, wrong", at("/news/?kind=gossip&region=mars"), status=400)

    contact = at_page_of(ContactPage)
    yield Address("contact, wrong", sent(contact), status=422)
    yield Address("contact, thanks", sent(contact, filled_in=True))

    yield Address("changes", at("/tracker/changes/"))
    yield Address("changes of a state", at("/tracker/changes/?country=XTL"))
    yield Address("changes, wrong", at("/tracker/changes/?region=atlantis"), status=400)

    report = at("/tracker/report-an-error/XTL/")
    yield Address("report an error", report)
    yield Address("report an error, wrong", sent(report), status=422)
    yield Address("report an error, thanks", sent(report, filled_in=True))

    yield Address("yearly reports", at("/tracker/report/"))
    yield Address("yearly report", at("/tracker/report/2026/"))
    yield Address("yearly report, not printed yet", at("/tracker/report/2026.pdf"), status=503)

    yield Address("sign-up", at("/newsletter/"))
    yield Address("sign-up, wrong", sent(at("/newsletter/")), status=422)
    yield Address("sign-up, thanks", at("/newsletter/thanks/"))
    yield from leaving()
    yield Address("confirm", by_mail(Purpose.CONFIRM, confirmed=False))
    yield Address("confirmed", by_mail(Purpose.CONFIRM, confirmed=False, press=True))
    yield Address("preferences", by_mail(Purpose.PREFERENCES, confirmed=True))
    yield Address("unsubscribe", by_mail(Purpose.UNSUBSCRIBE, confirmed=True))
    yield Address("unsubscribed", by_mail(Purpose.UNSUBSCRIBE, confirmed=True, press=True))
    yield Address("stay", by_mail(Purpose.STAY, confirmed=True))
    yield Address("stayed", by_mail(Purpose.STAY, confirmed=True, press=True))
    yield Address("forged link", at("/newsletter/confirm/forged/"), status=404)

    yield Address("sign-in", at("/staff/sign-in/"))
    yield Address("sign-in, wrong", sent(at("/staff/sign-in/")))
    yield Address("forgotten password", at("/staff/password/"))
    yield Address("second step", as_staff("/staff/second-step/"))
    yield Address("authenticator app", as_staff("/staff/second-step/totp/activate/"))
    yield Address("security key", as_staff("/staff/second-step/webauthn/add/"))
    yield Address("no access", as_staff("/admin/", superuser=False), status=403, languages=("en",))
