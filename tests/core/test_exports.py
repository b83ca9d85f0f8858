"""No file exported from the admin contains a formula, whoever wrote its data."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import wagtail
import wagtail_localize
from django.apps import apps
from django.test import Client
from django.utils import timezone
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Page

from contact.models import ContactFormField, ContactMessage, ContactPage
from core.models import User
from home.models import HomePage
from tests import factories
from tests.newsletter.factories import SubscriberFactory

FORMULAS = ["=HYPERLINK(1)", "+1+1", "-1", "@SUM(1)", "\t=1", " =1", "a;=1", "＝1"]
EVIL = "=HYPERLINK(1)"


def rows_of_csv(client: Client, address: str) -> list[list[str]]:
    response = client.get(address, {"export": "csv", "show": "all"})
    assert response.status_code == 200
    return list(csv.reader(io.StringIO(response.getvalue().decode(), newline="")))


def cells_of_xlsx(client: Client, address: str) -> list[Any]:
    response = client.get(address, {"export": "xlsx", "show": "all"})
    assert response.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    assert sheet is not None
    return [cell for row in sheet.iter_rows() for cell in row]


@pytest.fixture
def contact_page(home_page: HomePage) -> ContactPage:
    return factories.ContactPageFactory.create(parent=home_page)


@pytest.fixture
def messages(contact_page: ContactPage) -> str:
    """Messages with formulas, from a form with a formula in a label; returns the address of their list."""
    field = contact_page.form_fields.get(label="Subject")
    ContactFormField.objects.filter(pk=field.pk).update(label=EVIL)
    for text in [*FORMULAS, "Ana\x0bB"]:
        ContactMessage.objects.create(page=contact_page, form_data={field.clean_name: text})
    return f"/admin/forms/submissions/{contact_page.pk}/"


def test_messages_of_strangers(staff_client: Client, messages: str) -> None:
    headings, *rows = rows_of_csv(staff_client, messages)
    column = headings.index(f"'{EVIL}")
    written = {row[column] for row in rows}
    assert {
        "'=HYPERLINK(1)",
        "'+1+1",
        "'-1",
        "'@SUM(1)",
        "'\t'=1",
        "' =1",
        "a;'=1",
        "'＝1",
    } <= written


def test_messages_in_a_workbook_are_text_and_stay_text_when_edited(
    staff_client: Client, messages: str
) -> None:
    cells = cells_of_xlsx(staff_client, messages)
    assert not [cell for cell in cells if cell.data_type == "f"]
    by_value = {cell.value: cell for cell in cells}
    assert by_value[EVIL].quotePrefix
    # One of them contains a control character, which XML does not allow.
    assert "AnaB" in by_value


@pytest.fixture
def formulas_everywhere(site_tree: HomePage, superuser: User) -> None:
    """Put formulas into names of pages and of a country, the target of a redirect, and the log."""
    Page.objects.filter(depth__gt=1).update(
        title=EVIL,
        locked=True,
        locked_by=superuser,
        locked_at=timezone.now(),
        last_published_at=timezone.now(),
    )
    log(site_tree, "wagtail.edit", title=EVIL)
    Redirect.objects.create(old_path="/old", redirect_link=EVIL)
    factories.CountryFactory.create(name_en=EVIL)


@pytest.mark.usefixtures("formulas_everywhere")
@pytest.mark.parametrize(
    "address",
    [
        "/admin/reports/site-history/",
        "/admin/reports/aging-pages/",
        "/admin/reports/locked/",
        "/admin/redirects/",
        "/admin/reports/published-figures/",
        "/admin/snippets/record/country/",
    ],
)
def test_tables_of_wagtail_and_of_the_site(staff_client: Client, address: str) -> None:
    written = [cell for row in rows_of_csv(staff_client, address) for cell in row]
    assert f"'{EVIL}" in written
    assert EVIL not in written
    cells = cells_of_xlsx(staff_client, address)
    assert EVIL in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_subscribers(staff_client: Client) -> None:
    address = "=1+1@example.org"
    SubscriberFactory.create(email=address)
    written = [cell for row in rows_of_csv(staff_client, "/admin/subscribers/") for cell in row]
    assert f"'{address}" in written
    assert address not in written
    [cell] = [
        cell for cell in cells_of_xlsx(staff_client, "/admin/subscribers/") if cell.value == address
    ]
    assert cell.data_type == "s"
    assert cell.quotePrefix


def kinds_of(view: type) -> Iterator[type]:
    kind: type
    for kind in view.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def test_no_view_bypasses_the_guard(staff_client: Client) -> None:
    staff_client.get("/admin/")  # The URL configuration imports all views when it is loaded.
    guarded = {
        "generate_xlsx_row",
        "get_heading",
        "preprocess_field_value",
        "stream_csv",
        "write_csv_row",
        "write_xlsx",
    }
    kinds: set[type] = set(kinds_of(SpreadsheetExportMixin))
    assert len(kinds) > 20
    assert [kind.__name__ for kind in kinds if guarded & set(vars(kind))] == []


def test_nothing_else_writes_tables() -> None:
    """Fails if an upgrade or a change adds another writer of tables, which must use `escape_formulas` too."""
    site = Path(__file__).parents[2]
    folders = [Path(wagtail.__file__).parent, Path(wagtail_localize.__file__).parent]
    folders += [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == site]
    writers = {
        str(file.relative_to(folder.parent))
        for folder in folders
        for file in folder.rglob("*.py")
        if "test" not in str(file.relative_to(folder))
        and any(
            word in file.read_text(encoding="utf-8")
            for word in ("csv.writer", "csv.DictWriter", "Workbook(")
        )
    }
    assert writers == {
        "wagtail/admin/views/mixins.py",
        "newsletter/personal_data.py",  # A stored list waiting to be imported, which nobody opens.
        "tracker/download.py",  # Its cells come from `line`, which escapes them.
        "record/data/make_neighbours.py",  # Not part of the site: writes data from a map.
    }
