"""The sign-up in four languages."""

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, ngettext

from newsletter import tokens
from newsletter.consent import WORDING
from newsletter.tokens import Purpose

from .conftest import SignUp
from .factories import SubscriberFactory

LANGUAGES = [("fr", "ltr"), ("es", "ltr"), ("ar", "rtl")]
HEADINGS = {
    "subscribe": "Receive global justice news",
    "thanks": "Thank you. Please check your inbox",
    "confirm": "One more step",
    "preferences": "Your preferences",
    "unsubscribe": "Unsubscribe?",
    "ended": "This link no longer works",
}


@pytest.mark.parametrize(("language", "direction"), LANGUAGES)
def test_pages_are_in_their_language(language: str, direction: str, client: Client) -> None:
    pending = SubscriberFactory.create()
    confirmed = SubscriberFactory.create(confirmed=True)
    paths = {
        "subscribe": "",
        "thanks": "thanks/",
        "confirm": f"confirm/{tokens.make(pending, Purpose.CONFIRM)}/",
        "preferences": f"preferences/{tokens.make(confirmed, Purpose.PREFERENCES)}/",
        "unsubscribe": f"unsubscribe/{tokens.make(confirmed, Purpose.UNSUBSCRIBE)}/",
        "ended": "confirm/forged/",
    }
    for name, path in paths.items():
        html = client.get(f"/{language}/newsletter/{path}").text
        assert f'<html lang="{language}" dir="{direction}">' in html
        with translation.override(language):
            translated = gettext(HEADINGS[name])
        assert translated != HEADINGS[name]
        assert f"<h1>{translated}</h1>" in html.replace("&#x27;", "'")


@pytest.mark.parametrize("language", [language for language, _direction in LANGUAGES])
def test_messages_and_consent_are_in_the_language_of_the_page(
    language: str, sign_up: SignUp
) -> None:
    response = sign_up("nonsense", path=f"/{language}/newsletter/", consent="")
    errors = response.context["form"].errors
    assert "Enter" not in errors["email"][0]
    assert "Tick" not in errors["consent"][0]
    with translation.override(language):
        assert str(WORDING) in response.text.replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("language", "days", "expected"),
    [
        ("en", 7, "The link is valid for 7 days."),
        ("fr", 1, "Le lien est valable 1 jour."),
        ("fr", 7, "Le lien est valable 7 jours."),
        ("ar", 2, "الرابط صالح ليومين."),
        ("ar", 7, "الرابط صالح لمدة 7 أيام."),
        ("ar", 30, "الرابط صالح لمدة 30 يومًا."),
    ],
)
def test_plurals_of_days_follow_the_language(language: str, days: int, expected: str) -> None:
    with translation.override(language):
        message = ngettext(
            "The link is valid for %(days)s day.", "The link is valid for %(days)s days.", days
        )
    assert message % {"days": days} == expected
