"""Links in mails: their pages, and attacks on their tokens."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.choices import Topic
from newsletter import services, tokens
from newsletter.choices import ConsentEvent, SubscriberState, SuppressionReason
from newsletter.consent import Circumstances
from newsletter.models import ConsentRecord, Subscriber, SuppressedAddress
from newsletter.models.subscribers import Preferences
from newsletter.tokens import Purpose
from record.choices import Region

from .conftest import RunJobs, SignUp
from .factories import SubscriberFactory

ADDRESS = "supporter@example.org"
NOBODY = Circumstances()
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link(subscriber: Subscriber, purpose: Purpose) -> str:
    return f"/newsletter/{purpose}/{tokens.make(subscriber, purpose)}/"


def everything_stored() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Subscriber, ConsentRecord, SuppressedAddress)
    ]


@pytest.fixture
def pending() -> Subscriber:
    return SubscriberFactory.create(email=ADDRESS)


@pytest.fixture
def confirmed() -> Subscriber:
    return SubscriberFactory.create(email=ADDRESS, confirmed=True)


# Opening a link changes nothing


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
def test_a_scanner_that_opens_links_changes_nothing(
    method: str, purpose: Purpose, client: Client
) -> None:
    subscriber = (
        SubscriberFactory.create()
        if purpose == Purpose.CONFIRM
        else SubscriberFactory.create(confirmed=True)
    )
    before = everything_stored()
    response = getattr(client, method)(link(subscriber, purpose))
    assert response.status_code == (200 if method in {"get", "head", "options"} else 405)
    assert everything_stored() == before
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.UNSUBSCRIBE])
def test_a_link_opens_a_page_with_one_button(purpose: Purpose, client: Client) -> None:
    subscriber = SubscriberFactory.create()
    html = client.get(link(subscriber, purpose)).text
    main = html[html.index("<main") : html.index("</main>")]
    assert len(re.findall("<button", main)) == 1
    assert '<form method="post">' in main


# Confirming


def test_button_confirms(pending: Subscriber, client: Client) -> None:
    response = client.post(link(pending, Purpose.CONFIRM))
    assert response.status_code == 200
    assert "You are subscribed" in response.text
    pending.refresh_from_db()
    assert pending.state == SubscriberState.CONFIRMED
    assert pending.confirmed_at is not None
    assert ConsentRecord.objects.get().event == ConsentEvent.CONFIRMATION


def test_link_to_confirm_works_once(pending: Subscriber, client: Client) -> None:
    used = link(pending, Purpose.CONFIRM)
    client.post(used)
    for response in (client.get(used), client.post(used)):
        assert response.status_code == 410
        assert "you are subscribed" in response.text
        assert 'href="/newsletter/"' in response.text


def test_used_link_does_not_revive_an_ended_subscription(
    pending: Subscriber, client: Client, sign_up: SignUp
) -> None:
    used = link(pending, Purpose.CONFIRM)
    client.post(used)
    pending.refresh_from_db()
    client.post(link(pending, Purpose.UNSUBSCRIBE))
    assert client.post(used).status_code == 410
    sign_up(ADDRESS)
    assert client.post(used).status_code == 410, "a stranger's sign-up does not make it work again"
    pending.refresh_from_db()
    assert pending.state == SubscriberState.PENDING


def test_confirmation_lifts_a_suppression(client: Client, sign_up: SignUp) -> None:
    services.suppress(email=ADDRESS, reason=SuppressionReason.BOUNCED)
    sign_up(ADDRESS)
    assert services.is_suppressed(email=ADDRESS), "a sign-up alone lifts nothing"
    client.post(link(Subscriber.objects.get(), Purpose.CONFIRM))
    assert not services.is_suppressed(email=ADDRESS)


def test_link_to_confirm_expires_after_seven_days(
    pending: Subscriber, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = link(pending, Purpose.CONFIRM)
    made = timezone.now().timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: made + 7 * 86_400 - 60)
    assert client.get(fresh).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: made + 7 * 86_400 + 60)
    for response in (client.get(fresh), client.post(fresh)):
        assert response.status_code == 410
        assert "more than seven days old" in response.text
    pending.refresh_from_db()
    assert pending.state == SubscriberState.PENDING


# Preferences


def test_preferences_are_shown_and_changed(confirmed: Subscriber, client: Client) -> None:
    Subscriber.objects.update(topics=[Topic.BUDGET])
    page = link(confirmed, Purpose.PREFERENCES)
    html = client.get(page).text
    assert re.search(rf'value="{Topic.BUDGET}"[^>]* checked', html)

    response = client.post(page, {"language": "fr", "regions": [Region.AFRICA]})
    assert response.status_code == 200
    assert "Saved" in response.text
    confirmed.refresh_from_db()
    assert confirmed.language == "fr"
    assert (confirmed.regions, confirmed.topics) == ([Region.AFRICA], [])
    assert ConsentRecord.objects.get().choices == {
        "language": "fr",
        "regions": [Region.AFRICA],
        "topics": [],
    }


def test_invalid_preferences_are_explained(confirmed: Subscriber, client: Client) -> None:
    response = client.post(link(confirmed, Purpose.PREFERENCES), {"language": "tlh"})
    assert response.status_code == 422
    assert "form__errors" in response.text


def test_preferences_are_for_the_confirmed(pending: Subscriber, client: Client) -> None:
    page = link(pending, Purpose.PREFERENCES)
    assert client.get(page).status_code == 410
    assert client.post(page, {"language": "fr"}).status_code == 410


# Leaving


def test_button_unsubscribes(confirmed: Subscriber, client: Client) -> None:
    response = client.post(link(confirmed, Purpose.UNSUBSCRIBE))
    assert response.status_code == 200
    assert "You are unsubscribed" in response.text
    confirmed.refresh_from_db()
    assert confirmed.state == SubscriberState.UNSUBSCRIBED
    assert services.is_suppressed(email=ADDRESS)
    assert ConsentRecord.objects.get().event == ConsentEvent.UNSUBSCRIPTION


def test_one_click_link_in_the_headers_unsubscribes(sign_up: SignUp, run_jobs: RunJobs) -> None:
    """Mail providers send it from another origin, without cookie or CSRF token, and perhaps twice."""
    sign_up(ADDRESS)
    run_jobs()
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    target = headers["List-Unsubscribe"].strip("<>")
    assert target.startswith("http://127.0.0.1:8000/newsletter/unsubscribe/")
    provider = Client(enforce_csrf_checks=True)
    for _ in range(2):
        response = provider.post(
            target.removeprefix("http://127.0.0.1:8000"),
            ONE_CLICK,
            headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"},
        )
        assert response.status_code == 200
    assert Subscriber.objects.get().state == SubscriberState.UNSUBSCRIBED
    events = list(ConsentRecord.objects.values_list("event", flat=True).order_by("pk"))
    assert events == [ConsentEvent.SIGN_UP, ConsentEvent.UNSUBSCRIPTION]


def test_one_click_may_be_multipart_or_broken(confirmed: Subscriber, client: Client) -> None:
    response = client.post(
        link(confirmed, Purpose.UNSUBSCRIBE),
        b"\xff\xfe broken",
        content_type="multipart/form-data; boundary=x",
    )
    assert response.status_code == 200
    confirmed.refresh_from_db()
    assert confirmed.state == SubscriberState.UNSUBSCRIBED


def test_former_subscriber_sees_that_it_ended(confirmed: Subscriber, client: Client) -> None:
    page = link(confirmed, Purpose.UNSUBSCRIBE)
    client.post(page)
    response = client.get(page)
    assert response.status_code == 410
    assert "We will not write to you again" in response.text
    assert client.get(link(confirmed, Purpose.PREFERENCES)).status_code == 410


def test_link_in_an_old_issue_still_unsubscribes(
    confirmed: Subscriber, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = link(confirmed, Purpose.UNSUBSCRIBE)
    later = timezone.now() + timedelta(days=2_000)
    monkeypatch.setattr("django.core.signing.time.time", later.timestamp)
    services.unsubscribe(token=tokens.make(confirmed, Purpose.UNSUBSCRIBE), circumstances=NOBODY)
    services.subscribe(email=ADDRESS, preferences=Preferences(language="en"), circumstances=NOBODY)
    confirmed.refresh_from_db()
    services.confirm(token=tokens.make(confirmed, Purpose.CONFIRM), circumstances=NOBODY)
    assert client.post(old).status_code == 200
    confirmed.refresh_from_db()
    assert confirmed.state == SubscriberState.UNSUBSCRIBED


# Tokens


@pytest.mark.parametrize("made_for", Purpose)
@pytest.mark.parametrize("used_for", Purpose)
def test_a_token_serves_its_purpose_only(
    made_for: Purpose, used_for: Purpose, client: Client
) -> None:
    state = {} if Purpose.CONFIRM in {made_for, used_for} else {"confirmed": True}
    subscriber = SubscriberFactory.create(**state)
    token = tokens.make(subscriber, made_for)
    if made_for == used_for:
        assert tokens.read(token, used_for) == subscriber
        return
    before = everything_stored()
    for method in (client.get, client.post):
        response = method(f"/newsletter/{used_for}/{token}/")
        assert response.status_code == 404
        leads_on = (
            "You can still unsubscribe" if used_for == Purpose.UNSUBSCRIBE else "Copy the whole"
        )
        assert leads_on in response.text
    assert everything_stored() == before


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_expires_when_the_address_changes(purpose: Purpose, client: Client) -> None:
    subscriber = SubscriberFactory.create(confirmed=True)
    page = link(subscriber, purpose)
    Subscriber.objects.update(email="changed@example.org")
    assert client.post(page, {"language": "fr"}).status_code == 410
    services.erase_person(email="changed@example.org")
    assert client.post(page, {"language": "fr"}).status_code == 410


KEY = UUID("00000000-0000-4000-8000-000000000001")
# `st.text()` generates no lone surrogates.
ANY_CHARACTER = st.characters()


def payload_of(subscriber: Subscriber, purpose: Purpose) -> str:
    """Return the payload of a token, without time and signature."""
    return tokens.make(subscriber, purpose).partition(tokens.SEPARATOR)[0]


@given(
    purpose=st.sampled_from(Purpose),
    other_purpose=st.sampled_from(Purpose),
    email=st.emails(),
    other_email=st.emails(),
)
@settings(max_examples=200)
def test_binding_differs_by_purpose_and_address(
    purpose: Purpose, other_purpose: Purpose, email: str, other_email: str
) -> None:
    mine = payload_of(Subscriber(key=KEY, email=email), purpose)
    other = payload_of(Subscriber(key=KEY, email=other_email), other_purpose)
    assert (mine == other) == ((purpose, email) == (other_purpose, other_email))


@given(
    data=st.data(),
    purpose=st.sampled_from(Purpose),
)
@settings(max_examples=300)
def test_a_changed_token_is_never_accepted(data: st.DataObject, purpose: Purpose) -> None:
    """The signature is wrong, so there is no query."""
    subscriber = Subscriber(email=ADDRESS)
    token = tokens.make(subscriber, purpose)
    changed = data.draw(
        st.one_of(
            st.integers(0, len(token) - 1).map(lambda end: token[:end]),
            st.tuples(st.integers(0, len(token) - 1), st.characters()).map(
                lambda change: token[: change[0]] + change[1] + token[change[0] + 1 :]
            ),
            st.text(ANY_CHARACTER, min_size=1).map(lambda more: token + more),
            st.text(ANY_CHARACTER, min_size=1).map(lambda more: more + token),
            st.text(ANY_CHARACTER),
        ).filter(lambda text: text != token)
    )
    with pytest.raises(tokens.TokenUnknownError):
        tokens.read(changed, purpose)


@pytest.mark.parametrize("foreign", ["\ud800", "\0", "\n", "é", "\u200b", " ", "/", "%00"])
@pytest.mark.parametrize("purpose", Purpose)
def test_foreign_characters_in_a_token_are_refused(purpose: Purpose, foreign: str) -> None:
    token = tokens.make(Subscriber(email=ADDRESS), purpose)
    for changed in (foreign, foreign + token, token + foreign, token[:40] + foreign + token[40:]):
        with pytest.raises(tokens.TokenUnknownError):
            tokens.read(changed, purpose)


@given(token=st.text(alphabet=st.characters(exclude_characters="/"), min_size=1))
@settings(max_examples=25, deadline=None)
def test_any_text_as_a_token_is_explained(token: str) -> None:
    client = Client()
    for purpose in Purpose:
        path = f"/newsletter/{purpose}/{quote(token, errors='replace')}/"
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
