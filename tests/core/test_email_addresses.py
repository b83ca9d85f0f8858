"""Each address has one spelling, and mail never goes to a stranger's domain."""

from contextlib import suppress

import idna
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from contact.models import validate_recipients
from core.email_addresses import (
    DOMAIN_UNCLEAR,
    INVALID,
    INVISIBLE,
    LOCAL_PART_NOT_ASCII,
    EmailField,
    domain_in_ascii,
    normalise_email,
)
from core.models import User


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ana@faß.de", "ana@xn--fa-hia.de"),
        ("ana@FASS.de", "ana@fass.de"),
        ("ana@βόλος.com", "ana@xn--nxasmm1c.com"),
        ("ana@Bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@bu\u0308cher.example", "ana@xn--bcher-kva.example"),
        ("ana@XN--BCHER-KVA.example", "ana@xn--bcher-kva.example"),
        ("ana@ışık.org", "ana@xn--k-ekaa7p.org"),
        ("ana@مثال.إختبار", "ana@xn--mgbh0fb.xn--kgbechtv"),
        ("ana@ن\u200cامه.ir", "ana@xn--mgb4dbg6904a.ir"),
        ("\ufeff Ana+News@Example.ORG\u200b\n", "ana+news@example.org"),
        ("\u2068ana@example.org\u2069", "ana@example.org"),
    ],
)
def test_an_address_is_written_by_the_rules_of_2008(typed: str, expected: str) -> None:
    assert normalise_email(typed) == expected


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("ana@exa\u200bmple.org", INVISIBLE),
        ("ana@exa\u200dmple.org", INVISIBLE),
        ("ana@exa\u00admple.org", INVISIBLE),
        ("a\u200bna@example.org", INVISIBLE),
        ("a\u202ena@example.org", INVISIBLE),
        ("a\u00a0na@example.org", INVISIBLE),
        ("ırmak@example.org", LOCAL_PART_NOT_ASCII),
        ("\u017fam@example.org", LOCAL_PART_NOT_ASCII),
        ("jöhn@example.org", LOCAL_PART_NOT_ASCII),
        ("\uff41na@example.org", LOCAL_PART_NOT_ASCII),
        ("ana@\u017fite.org", DOMAIN_UNCLEAR),
        ("ana@\uff45xample.org", DOMAIN_UNCLEAR),
        ("ana@\u212afc.org", DOMAIN_UNCLEAR),
        ("ana@i❤.example", DOMAIN_UNCLEAR),
        ("ana@xn--a.example", DOMAIN_UNCLEAR),
        ("ana@xn--.example", DOMAIN_UNCLEAR),
        ("ana@例え。jp", DOMAIN_UNCLEAR),
        ("ana@b\ud800r.example", DOMAIN_UNCLEAR),
        ("an\0a@example.org", INVALID),
        ("ana@exam ple.org", INVALID),
    ],
)
def test_an_ambiguous_address_is_refused_and_explained(typed: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        normalise_email(typed)
    assert refused.value.messages == [str(message)]


@pytest.mark.parametrize("message", [INVALID, INVISIBLE, LOCAL_PART_NOT_ASCII, DOMAIN_UNCLEAR])
def test_the_explanation_is_in_four_languages(message: str) -> None:
    words = set()
    for language in ("en", "fr", "es", "ar"):
        with translation.override(language):
            words.add(str(message))
    assert len(words) == 4


LABEL = st.text(
    st.characters(codec="utf-8") | st.sampled_from("ßςıſ\u200b\u200c\u200d\u00ad-x"), min_size=1
)


@given(st.lists(LABEL, min_size=1, max_size=3).map(".".join) | st.text(st.characters()))
def test_a_domain_becomes_itself_or_is_refused(domain: str) -> None:
    try:
        encoded = domain_in_ascii(domain)
    except UnicodeError:
        return
    assert encoded.isascii()
    assert domain_in_ascii(encoded) == encoded
    if not domain.isascii():
        assert "xn--" in encoded
        assert domain_in_ascii(idna.decode(encoded)) == encoded


@given(st.text(st.characters()))
def test_any_text_is_an_address_or_a_validation_error(text: str) -> None:
    with suppress(ValidationError):
        address = normalise_email(text)
        assert address.isascii()
        assert address.count("@") == 1


def test_a_field_that_may_be_empty_stays_empty() -> None:
    class OptionalForm(forms.Form):
        address = EmailField(required=False)

    form = OptionalForm({"address": " "})
    assert form.is_valid()
    assert not form.cleaned_data["address"]


def test_answers_and_messages_of_the_site_go_to_the_domain_that_was_typed() -> None:
    user = User(username="ana", password="x", email="Ana@faß.de")
    user.clean()
    assert user.email == "ana@xn--fa-hia.de"
    validate_recipients("office@faß.de")
    with pytest.raises(ValidationError):
        validate_recipients("ofﬁce@example.org")


def test_the_address_of_staff_is_explained_beside_its_field() -> None:
    with pytest.raises(ValidationError) as refused:
        User(username="ana", password="x", email="ırmak@example.org").clean()
    assert list(refused.value.message_dict) == ["email"]
