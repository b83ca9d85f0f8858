"""All that people wrote to the Coalition is found and erased with them, in whichever app it is stored."""

import pytest
from django.db import IntegrityError, connection, transaction

from contact.models import ContactMessage, ContactPage
from core.models import PersonRequest
from core.personal_data.addresses import REMOVED
from core.personal_data.registry import (
    erase_person,
    export_person,
    find_person,
    registered,
    section_names,
)
from error_reports.models import ErrorReport
from home.models import HomePage
from newsletter.models import Subscriber, SubscriberImport
from newsletter.people.imports.services import ImportTerms, keep_import
from record.models import Country
from tests import factories
from tests.newsletter.factories import SubscriberFactory

ANA = "ana@example.org"
REASON = "Asked by mail"


@pytest.fixture
def page(home_page: HomePage) -> ContactPage:
    return factories.ContactPageFactory.create(parent=home_page)


@pytest.fixture
def kenya(db: None) -> Country:
    return factories.CountryFactory.create(name_en="Kenya", iso3="KEN")


def message(page: ContactPage, email: str, text: str) -> ContactMessage:
    answers = {"answer_e_mail": email, "answer_message": text, "answer_topics": ["news", text]}
    return ContactMessage.objects.create(page=page, form_data=answers)


def report(country: Country, email: str, text: str) -> ErrorReport:
    return ErrorReport.objects.create(
        country=country, part="status", message=text, reply_address=email, language="en"
    )


def everything() -> str:
    """Return every row that may contain an address, from every table, as the database writes it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT "{table}"::text FROM "{table}"')  # noqa: S608
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found).lower()


def test_an_erased_person_is_in_no_table(page: ContactPage, kenya: Country) -> None:
    SubscriberFactory.create(email=ANA, confirmed=True)
    message(page, "Ana@Example.org", "Please take me off")
    message(page, "omar@example.org", f"My colleague {ANA} does not get mail")
    report(kenya, ANA, f"It was the 15th. {ANA}")
    report(kenya, "omar@example.org", f"Ask {ANA.upper()}")
    content = f"email,comment\r\n{ANA},one\r\nomar@example.org,by {ANA}\r\neva@example.org,\r\n"
    SubscriberImport.objects.create(
        file_name="list.csv", content=content.encode(), consent_source="Paper"
    )
    in_bytes = ANA.encode().hex()
    before = everything()
    assert ANA in before
    assert in_bytes in before

    assert erase_person(email=ANA, reason=REASON, user=None) == 7

    after = everything()
    assert ANA not in after
    assert in_bytes not in after
    assert Subscriber.objects.count() == 0
    [kept] = ContactMessage.objects.all()
    assert kept.form_data["answer_e_mail"] == "omar@example.org"
    text = f"My colleague {REMOVED} does not get mail"
    assert kept.form_data["answer_message"] == text
    assert kept.form_data["answer_topics"] == ["news", text]
    first, second = ErrorReport.objects.order_by("pk")
    assert (first.reply_address, first.message) == ("", f"It was the 15th. {REMOVED}")
    assert (second.reply_address, second.message) == ("omar@example.org", f"Ask {REMOVED}")
    waiting = SubscriberImport.objects.get()
    assert bytes(waiting.content or b"") == b"email,comment\r\neva@example.org,\r\n"


def test_a_waiting_list_of_nobody_else_is_erased_whole(db: None) -> None:
    terms = ImportTerms(consent_source="Paper", asks_to_confirm=True, language="en")
    keep_import(content=f"email\n{ANA}".encode(), file_name="list.csv", terms=terms, user=None)
    erase_person(email=ANA, reason=REASON, user=None)
    assert SubscriberImport.objects.get().content is None


def test_the_export_holds_what_the_person_wrote_and_not_what_others_did(
    page: ContactPage, kenya: Country
) -> None:
    message(page, ANA, "Please take me off")
    message(page, "omar@example.org", f"A secret of mine, and {ANA}")
    report(kenya, ANA, "It was the 15th.")
    report(kenya, "omar@example.org", f"Another secret, and {ANA}")
    terms = ImportTerms(consent_source="Paper", asks_to_confirm=True, language="en")
    content = f"email\n{ANA}\nomar@example.org".encode()
    keep_import(content=content, file_name="list.csv", terms=terms, user=None)

    person = export_person(email=ANA, reason=REASON, user=None)

    own, other = person["contact_messages"]
    assert own["answers"]["answer_message"] == "Please take me off"
    assert other["mentions_the_address"] is True
    own, other = person["error_reports"]
    assert own["message"] == "It was the 15th."
    assert other["mentions_the_address"] is True
    assert person["waiting_lists"][0]["rows"] == [[ANA]]
    assert [request["reason"] for request in person["requests"]] == [REASON]
    assert "secret" not in str(person)
    assert "omar" not in str(person)
    assert set(person) == set(section_names())


def test_nothing_is_found_of_a_stranger(page: ContactPage, kenya: Country) -> None:
    message(page, "joana@example.org", "ana@example.organic")
    report(kenya, "joana@example.org", "x.ana@example.org")
    assert not any(find_person(ANA).values())
    assert erase_person(email=ANA, reason=REASON, user=None) == 0
    assert ContactMessage.objects.count() == ErrorReport.objects.count() == 1


def test_every_app_that_keeps_addresses_says_what_it_keeps() -> None:
    sections = {section for app in registered() for section in app.sections}
    assert sections == {
        *("contact_messages", "error_reports"),
        *(
            "subscriber",
            "sign_ups",
            "consent",
            "suppressed",
            "deliveries",
            "mail_events",
            "waiting_lists",
        ),
        "requests",
    }


def test_the_log_of_requests_is_append_only(db: None) -> None:
    erase_person(email=ANA, reason=REASON, user=None)
    request = PersonRequest.objects.get()
    assert ANA not in str(vars(request))
    for change in (lambda: PersonRequest.objects.update(reason="Another"), request.delete):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_the_log_of_requests_outlives_the_account_of_staff(db: None) -> None:
    user = factories.UserFactory.create()
    export_person(email=ANA, reason=REASON, user=user)
    user.delete()
    assert PersonRequest.objects.get().made_by is None
