"""The import in the admin: its permission, its preview and its messages."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.log_actions import registry

from core.models import User
from record.imports import LOG_ACTION
from record.models import Country, RecordVersion
from tests.factories import UserFactory

from .files import KENYA, table

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/record/import/"
UGANDA = {"iso2": "UG", "iso3": "UGA", "m49": "800", "region": "africa", "sources": "UN list"}


@pytest.fixture
def importer() -> User:
    """A user who may import and do nothing else."""
    user = UserFactory.create()
    for codename in ("access_admin", "import_country"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    return user


@pytest.fixture
def importer_client(client: Client, importer: User) -> Client:
    client.force_login(importer)
    return client


def upload(client: Client, content: bytes, name: str = "states.csv") -> Any:
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def test_users_without_permission_are_sent_away(client: Client) -> None:
    user = UserFactory.create()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    for response in (client.get(UPLOAD), upload(client, table(KENYA))):
        assert response.status_code == 302
        assert response["Location"] == "/admin/"
    assert "Import the record" not in client.get("/admin/").content.decode()


def test_the_right_is_offered_for_groups(staff_client: Client) -> None:
    assert (
        "Can import the record from a file"
        in staff_client.get("/admin/groups/new/").content.decode()
    )


def test_the_menu_leads_to_a_page_that_explains_every_column(importer_client: Client) -> None:
    assert UPLOAD in importer_client.get("/admin/").content.decode()
    page = importer_client.get(UPLOAD).content.decode()
    assert page.count("<h1") == 1
    for column in ("consent_date", "withdrawal_notice_revoked", "art8-2019-starvation"):
        assert f"<code>{column}</code>" in page


def test_the_list_of_countries_links_to_it_for_users_who_may_import(
    staff_client: Client, client: Client
) -> None:
    assert UPLOAD in staff_client.get("/admin/snippets/record/country/").content.decode()
    editor = UserFactory.create()
    for codename in ("access_admin", "change_country"):
        editor.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(editor)
    page = client.get("/admin/snippets/record/country/")
    assert page.status_code == 200
    assert UPLOAD not in page.content.decode()


def test_the_difference_is_shown_then_applied(importer_client: Client, importer: User) -> None:
    response = upload(importer_client, table({**KENYA, "signed": "1999-08-11"}))
    difference = importer_client.get(response["Location"])
    assert "Rome Statute: Signature, 1999-08-11" in difference.content.decode()
    assert not Country.objects.exists()

    stamp = difference.context["plan"].stamp
    done = importer_client.post(response["Location"], {"stamp": stamp}, follow=True)
    assert "1 country was changed." in done.content.decode()
    assert "states.csv (SHA-256" in done.content.decode()
    assert Country.objects.get().iso3 == "KEN"
    assert RecordVersion.objects.get().made_by == importer
    [entry] = registry.get_logs_for_instance(Country.objects.get())
    assert (entry.action, entry.user) == (LOG_ACTION, importer)
    assert entry.message.startswith("Imported from states.csv (SHA-256 ")


def test_a_file_is_applied_once(importer_client: Client) -> None:
    address = upload(importer_client, table(KENYA))["Location"]
    importer_client.post(address, {"stamp": ""})
    again = importer_client.post(address, {"stamp": ""}, follow=True)
    assert "The file is no longer here." in again.content.decode()
    assert RecordVersion.objects.count() == 1


def test_a_file_may_be_discarded(importer_client: Client) -> None:
    address = upload(importer_client, table(KENYA))["Location"]
    answer = importer_client.post(address, {"discard": ""}, follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert not Country.objects.exists()
    assert importer_client.get(address)["Location"] == UPLOAD


def test_nothing_to_apply(importer_client: Client) -> None:
    address = upload(importer_client, table(KENYA))["Location"]
    importer_client.post(address, {"stamp": ""})
    address = upload(importer_client, table(KENYA))["Location"]
    assert "nothing to apply" in importer_client.get(address).content.decode()


def test_a_record_that_changed_is_compared_again(importer_client: Client) -> None:
    address = upload(importer_client, table(KENYA, UGANDA))["Location"]
    shown = importer_client.get(address).context["plan"].stamp
    other = upload(importer_client, table({**KENYA, "notes": "Came first."}))["Location"]
    importer_client.post(other, {"stamp": shown})
    answer = importer_client.post(address, {"stamp": shown}, follow=True)
    assert "The record has changed meanwhile." in answer.content.decode()
    assert [difference.key for difference in answer.context["plan"].differences] == ["UGA"]
    assert not Country.objects.filter(iso3="UGA").exists()


def test_nobody_opens_the_file_of_another(importer_client: Client, superuser: User) -> None:
    address = upload(importer_client, table(KENYA))["Location"]
    other = Client()
    other.force_login(superuser)
    for response in (other.get(address), other.post(address, {"stamp": ""})):
        assert response["Location"] == UPLOAD
    assert not Country.objects.exists()


def test_a_file_that_the_cache_lost_must_be_uploaded_again(importer_client: Client) -> None:
    address = upload(importer_client, table(KENYA))["Location"]
    cache.clear()
    answer = importer_client.get(address, follow=True)
    assert "Upload it again." in answer.content.decode()


def test_mistakes_are_listed_with_line_and_column(importer_client: Client) -> None:
    rows = ({**KENYA, "signed": "2002-02-30"}, {**UGANDA, "region": "Afrika"})
    response = upload(importer_client, table(*rows), name="<b>states</b>.csv")
    page = response.content.decode()
    assert "has 2 errors. Nothing was changed." in page
    assert "<b>states</b>" not in page
    places = [(problem.line, problem.column) for problem in response.context["problems"]]
    assert places == [(2, "signed"), (3, "region")]
    assert "2002-02-30" in page
    assert not Country.objects.exists()


def test_a_form_without_a_file(importer_client: Client) -> None:
    response = importer_client.post(UPLOAD, {})
    assert "This field is required." in response.content.decode()


def test_a_form_from_another_site_is_refused(importer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(importer)
    assert upload(client, table(KENYA)).status_code == 403
