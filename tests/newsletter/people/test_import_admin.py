"""Import in the admin: permissions, the preview, and the record of an import."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import ModelLogEntry

from newsletter import services
from newsletter.choices import SubscriberState
from newsletter.models import Subscriber, SubscriberImport
from newsletter.people.imports.services import LOG_ACTION
from tests.newsletter.factories import SubscriberFactory

from .conftest import SignIn
from .lists import SOURCE, emails, table

UPLOAD = "/admin/newsletter/import/"


@pytest.fixture
def importer(sign_in: SignIn) -> Client:
    return sign_in("import_subscriber")


def upload(client: Client, content: bytes, **data: Any) -> Any:
    file = SimpleUploadedFile("list.csv", content)
    return client.post(
        UPLOAD, {"file": file, "kind": "people", "consent_source": SOURCE, "language": "en"} | data
    )


def test_users_without_the_permission_are_refused(sign_in: SignIn) -> None:
    client = sign_in("view_subscriber")
    for response in (client.get(UPLOAD), upload(client, emails("ana")), client.get(f"{UPLOAD}1/")):
        assert response.status_code == 302
        assert response["Location"] == "/admin/"
    assert UPLOAD not in client.get("/admin/").text
    assert not SubscriberImport.objects.exists()


def test_the_permission_is_offered_for_groups(staff_client: Client) -> None:
    html = staff_client.get("/admin/groups/new/").text
    assert "Can import subscribers from a file" in html
    assert "Can send issues to subscribers" in html


def test_the_menu_leads_to_a_page_that_explains_every_column(importer: Client) -> None:
    assert UPLOAD in importer.get("/admin/").text
    html = importer.get(UPLOAD).text
    for word in ("email", "regions", "icc-budget", "africa"):
        assert f"<code>{word}</code>" in html


def test_from_the_file_to_the_subscribers(importer: Client) -> None:
    SubscriberFactory.create(email="omar@example.org", confirmed=True)
    services.erase_person(email="left@example.org")
    response = upload(importer, emails("ana", "omar", "left", "ana"), asks_to_confirm="on")
    html = importer.get(response["Location"]).text
    assert "ana@example.org" in html
    assert "omar@example.org" not in html
    assert "left@example.org" not in html
    assert Subscriber.objects.count() == 1, "the preview writes nothing"

    done = importer.post(response["Location"], follow=True)
    assert "1 person was added" in done.text
    assert Subscriber.objects.get(email="ana@example.org").state == SubscriberState.PENDING
    assert SOURCE in done.text
    assert "list.csv" in done.text
    assert "ana@example.org" not in done.text
    entry = ModelLogEntry.objects.get(action=LOG_ACTION)
    assert entry.data == {"count": 1}

    again = importer.post(response["Location"], follow=True)
    assert "is no longer here" in again.text
    assert Subscriber.objects.count() == 2


def test_another_user_neither_sees_nor_applies_the_list(importer: Client, sign_in: SignIn) -> None:
    address = upload(importer, emails("ana"))["Location"]
    other = sign_in("import_subscriber")
    for response in (
        other.get(address, follow=True),
        other.post(address, follow=True),
        other.post(address, {"discard": ""}, follow=True),
        other.get(UPLOAD),
    ):
        assert "ana@example.org" not in response.text
        assert "list.csv" not in response.text
    assert not Subscriber.objects.exists()
    assert "ana@example.org" in importer.get(address).text


def test_a_list_may_be_discarded(importer: Client) -> None:
    address = upload(importer, emails("ana"))["Location"]
    assert address in importer.get(UPLOAD).text
    assert "Nothing was changed" in importer.post(address, {"discard": ""}, follow=True).text
    assert SubscriberImport.objects.get().content is None
    assert not Subscriber.objects.exists()


def test_mistakes_are_shown_with_their_place_and_the_form_stays_filled_in(importer: Client) -> None:
    html = upload(importer, table({"email": "nonsense"}, {"email": "ana@example.org"})).text
    assert "1 error" in html
    assert "<code>email</code>" in html
    assert SOURCE in html
    assert not SubscriberImport.objects.exists()


def test_no_more_than_500_mistakes_are_shown(importer: Client) -> None:
    html = upload(importer, emails(*(f"a b{number}" for number in range(600)))).text
    assert "600 errors" in html
    assert html.count("<code>email</code></td>") == 501, "and the column in the dictionary"


@pytest.mark.parametrize("source", ["", "   ", "x" * 501])
def test_a_list_needs_its_source_of_consent(importer: Client, source: str) -> None:
    assert upload(importer, emails("ana"), consent_source=source).status_code == 200
    assert not SubscriberImport.objects.exists()


def test_the_file_is_kept_in_the_database_only(importer: Client) -> None:
    upload(importer, emails("ana"))
    kept = SubscriberImport.objects.get()
    assert kept.content is not None
    assert b"ana@example.org" in bytes(kept.content)


def test_a_list_of_former_subscribers_is_shown_and_applied(importer: Client) -> None:
    SubscriberFactory.create(email="ana@example.org", confirmed=True)
    content = b"sep=;\r\nE-mail address;UNSUB_TIME\r\nana@example.org;x\r\nnew@example.org;x\r\n"
    refused = upload(importer, content, kind="people")
    assert "unsubscribed elsewhere" in refused.text
    address = upload(importer, content, kind="left")["Location"]
    html = importer.get(address).text
    assert "their subscription ends" in html
    assert "Suppress 2 addresses" in html
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED
    done = importer.post(address, follow=True)
    assert "2 addresses have been suppressed" in done.text
    assert Subscriber.objects.get().state == SubscriberState.UNSUBSCRIBED
