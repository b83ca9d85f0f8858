"""Data requests of one person in the admin."""

import json

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from core.models import PersonRequest
from newsletter import services
from newsletter.choices import ConsentEvent, SubscriberState, SuppressionReason
from newsletter.consent import Circumstances
from newsletter.models import ConsentRecord, SignUp, Subscriber, SuppressedAddress
from newsletter.models.subscribers import Preferences
from tests.newsletter.conftest import RunJobs
from tests.newsletter.factories import SubscriberFactory

from .conftest import SignIn

pytestmark = pytest.mark.django_db

PERSON = "/admin/newsletter/person/"
ANA = "ana@example.org"
REQUEST = {"email": ANA, "reason": "Asked by mail"}
CORRECTION = {**REQUEST, "new_email": ANA, "language": "fr", "regions": ["africa"], "topics": []}


@pytest.fixture
def manager(sign_in: SignIn) -> Client:
    return sign_in("manage_subscriber")


@pytest.fixture
def ana() -> Subscriber:
    return SubscriberFactory.create(email=ANA, confirmed=True)


def logged() -> list[tuple[str, str]]:
    return list(PersonRequest.objects.order_by("pk").values_list("kind", "reason"))


# Permissions


@pytest.mark.parametrize("right", ["view_subscriber", "export_subscriber", "import_subscriber"])
def test_another_permission_is_not_enough(right: str, sign_in: SignIn, ana: Subscriber) -> None:
    client = sign_in(right)
    assert PERSON not in client.get("/admin/").text
    for action in ("", "end/", "correct/", "export/", "erase/"):
        response = client.post(f"{PERSON}{action}", CORRECTION)
        assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED
    assert logged() == []


def test_a_request_is_never_made_by_opening_a_page(manager: Client, ana: Subscriber) -> None:
    for action in ("end", "correct", "export", "erase"):
        assert manager.get(f"{PERSON}{action}/", REQUEST).status_code == 405
    assert logged() == []


# Finding


def test_a_person_is_found_with_all_data(manager: Client, ana: Subscriber) -> None:
    assert PERSON in manager.get("/admin/").text
    services.unsubscribe_address(email=ANA)
    response = manager.post(PERSON, {"email": " Ana@Example.org "})
    main = response.text
    for text in ("Subscription", "Record of consent", "Suppressions", "unsubscription"):
        assert text in main
    assert "no-store" in response["Cache-Control"]
    assert logged() == []


def test_an_unknown_address_has_no_data_and_can_be_suppressed(
    manager: Client,
) -> None:
    assert "We hold nothing about this address" in manager.post(PERSON, {"email": ANA}).text
    manager.post(f"{PERSON}end/", REQUEST)
    assert services.is_suppressed(email=ANA)


def test_the_list_links_to_a_person_without_the_address(sign_in: SignIn, ana: Subscriber) -> None:
    client = sign_in("manage_subscriber", "view_subscriber")
    link = f"{PERSON}?subscriber={ana.pk}"
    assert link in client.get(f"/admin/subscribers/inspect/{ana.pk}/").text
    assert ANA in client.get(link).text
    assert link not in sign_in("view_subscriber").get(f"/admin/subscribers/inspect/{ana.pk}/").text


@pytest.mark.parametrize("key", ["", "x", "-1", "9" * 30, "٣"])
def test_an_invalid_link_shows_the_form(key: str, manager: Client) -> None:
    response = manager.get(PERSON, {"subscriber": key})
    assert response.status_code == 200
    assert "What we hold about" not in response.text


@pytest.mark.parametrize("email", ["", "nobody", "a" * 300, "a\0b@example.org", "\ud800@x.org"])
def test_an_invalid_address_is_reported(email: str, manager: Client) -> None:
    data = {"email": email.encode("utf-8", "surrogatepass")}
    response = manager.post(PERSON, data)
    assert response.status_code == 200
    assert "error-message" in response.text
    assert manager.post(f"{PERSON}erase/", {**data, "reason": "x"}).status_code == 302


# Actions


@pytest.mark.parametrize("action", ["end", "correct", "export", "erase"])
@pytest.mark.parametrize("reason", ["", " ", "Asked by ana@example.org", "x" * 301])
def test_every_action_needs_a_reason_without_an_address(
    reason: str, action: str, manager: Client, ana: Subscriber
) -> None:
    response = manager.post(f"{PERSON}{action}/", {**CORRECTION, "reason": reason})
    assert response.status_code == 200
    form = response.text.partition(f'action="{PERSON}{action}/"')[2].partition("</form>")[0]
    assert "error-message" in form
    assert "autofocus" in form  # The form is far down the page, where an error would not be seen.
    ana.refresh_from_db()
    assert (ana.state, ana.language) == (SubscriberState.CONFIRMED, "en")
    assert logged() == []


def test_a_subscription_is_ended(manager: Client, ana: Subscriber) -> None:
    manager.post(f"{PERSON}end/", REQUEST)
    ana.refresh_from_db()
    assert ana.state == SubscriberState.UNSUBSCRIBED
    assert services.is_suppressed(email=ANA)
    assert ConsentRecord.objects.get().event == ConsentEvent.UNSUBSCRIPTION
    assert logged() == [("ending", "Asked by mail")]


def test_choices_are_corrected_without_a_mail(
    manager: Client, ana: Subscriber, run_jobs: RunJobs
) -> None:
    manager.post(f"{PERSON}correct/", CORRECTION)
    ana.refresh_from_db()
    assert (ana.state, ana.language, ana.regions) == (SubscriberState.CONFIRMED, "fr", ["africa"])
    assert run_jobs() == 0
    assert ConsentRecord.objects.get().event == ConsentEvent.CORRECTION
    assert logged() == [("correction", "Asked by mail")]


def test_a_new_address_gets_a_mail_to_confirm(
    manager: Client, ana: Subscriber, run_jobs: RunJobs
) -> None:
    manager.post(f"{PERSON}correct/", {**CORRECTION, "new_email": "anna@example.org"})
    ana.refresh_from_db()
    assert (ana.email, ana.state) == ("anna@example.org", SubscriberState.PENDING)
    run_jobs()
    assert [message.to for message in mail.outbox] == [["anna@example.org"]]
    for email in (ANA, "anna@example.org"):
        events = ConsentRecord.objects.of_address(email).values_list("event", flat=True)
        assert list(events) == [ConsentEvent.CORRECTION]


def test_correcting_a_former_subscribers_address_sends_no_mail(
    manager: Client, ana: Subscriber, run_jobs: RunJobs
) -> None:
    services.unsubscribe_address(email=ANA)
    manager.post(f"{PERSON}correct/", {**CORRECTION, "new_email": "anna@example.org"})
    ana.refresh_from_db()
    assert (ana.email, ana.state) == ("anna@example.org", SubscriberState.UNSUBSCRIBED)
    assert run_jobs() == 0


def test_the_address_of_another_subscriber_is_refused(manager: Client, ana: Subscriber) -> None:
    SubscriberFactory.create(email="anna@example.org")
    data = {**CORRECTION, "new_email": "anna@example.org"}
    response = manager.post(f"{PERSON}correct/", data)
    assert "already a subscriber with this address" in response.text
    ana.refresh_from_db()
    assert (ana.email, ana.language) == (ANA, "en")
    assert logged() == []


def test_everything_is_exported_as_a_file(manager: Client, ana: Subscriber) -> None:
    response = manager.post(f"{PERSON}export/", REQUEST)
    assert response["Content-Disposition"] == 'attachment; filename="person.json"'
    assert "no-store" in response["Cache-Control"]
    person = json.loads(response.content)
    assert person["subscriber"][0]["email"] == ANA
    assert person["requests"][0]["reason"] == "Asked by mail"
    assert logged() == [("export", "Asked by mail")]


def test_a_pending_sign_up_is_exported_and_erased(manager: Client) -> None:
    preferences = Preferences(language="fr", topics=["elections"])
    services.subscribe(email=ANA, preferences=preferences, circumstances=Circumstances())
    [sign_up] = json.loads(manager.post(f"{PERSON}export/", REQUEST).content)["sign_ups"]
    assert (sign_up["language"], sign_up["topics"]) == ("fr", ["elections"])
    manager.post(f"{PERSON}erase/", REQUEST)
    assert not SignUp.objects.exists()


def test_a_person_is_erased_and_the_log_has_no_address(manager: Client, ana: Subscriber) -> None:
    manager.post(f"{PERSON}erase/", REQUEST)
    assert not Subscriber.objects.exists()
    assert SuppressedAddress.objects.get().reason == SuppressionReason.ERASED
    assert logged() == [("erasure", "Asked by mail")]
    assert PersonRequest.objects.get().made_by is not None
    with connection.cursor() as cursor:
        for table in ("core_personrequest", "wagtailcore_modellogentry", "django_session"):
            cursor.execute(f'SELECT "{table}"::text FROM "{table}"')  # noqa: S608
            assert ANA not in str(cursor.fetchall())
    assert "Asked by mail" in manager.get(PERSON).text


def test_an_address_stored_under_older_rules_is_found(manager: Client) -> None:
    subscriber = SubscriberFactory.create(email="ırmak@example.org", confirmed=True)
    assert "ırmak@example.org" in manager.get(PERSON, {"subscriber": subscriber.pk}).text
    manager.post(f"{PERSON}end/", {**REQUEST, "email": "ırmak@example.org"})
    subscriber.refresh_from_db()
    assert subscriber.state == SubscriberState.UNSUBSCRIBED
