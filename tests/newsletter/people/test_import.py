"""Effects of an imported list."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from campaigns.choices import Topic
from core.imports.problems import ImportGoneError, ImportRefusedError
from newsletter import services, tokens
from newsletter.addresses import address_key
from newsletter.choices import ConsentEvent, ListKind, SubscriberState, SuppressionReason
from newsletter.consent import Circumstances
from newsletter.models import ConsentRecord, Subscriber, SubscriberImport, SuppressedAddress
from newsletter.models.subscribers import Preferences
from newsletter.people import tasks
from newsletter.people.imports import bulk
from newsletter.people.imports import services as imports
from newsletter.people.imports.columns import MAX_BYTES, MAX_ROWS, read
from newsletter.people.imports.services import (
    ImportTerms,
    Outcome,
    apply_import,
    plan_import,
)
from newsletter.tokens import Purpose
from record.choices import Region
from tests.newsletter.conftest import RunJobs
from tests.newsletter.factories import SubscriberFactory

from .lists import SOURCE, emails, import_list, keep, table

pytestmark = pytest.mark.django_db

NOBODY = Circumstances()


def states() -> dict[str, str]:
    return {
        email.partition("@")[0]: state
        for email, state in Subscriber.objects.values_list("email", "state")
    }


def run_all_jobs(run_jobs: RunJobs) -> None:
    """Run all jobs, including those that jobs queue, one after another as a worker does."""
    while run_jobs():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE queueing_lock IS NOT NULL"
            )


def problems(content: bytes) -> list[str]:
    with pytest.raises(ImportRefusedError) as refused:
        read(content, language="en")
    return [str(problem) for problem in refused.value.problems]


# People who are added


def test_people_are_pending_until_they_confirm(
    run_jobs: RunJobs, mailbox: list[Any], client: Client
) -> None:
    import_list(emails("ana", "omar"))
    assert states() == {"ana": SubscriberState.PENDING, "omar": SubscriberState.PENDING}
    while run_jobs():
        pass
    assert sorted(mail.to[0] for mail in mailbox) == ["ana@example.org", "omar@example.org"]
    assert "Please confirm" in mailbox[0].subject
    ana = Subscriber.objects.with_address("ana@example.org").get()
    client.post(f"/newsletter/confirm/{tokens.make(ana, Purpose.CONFIRM)}/")
    assert states() == {"ana": SubscriberState.CONFIRMED, "omar": SubscriberState.PENDING}


def test_people_who_confirmed_elsewhere_are_subscribed_without_a_mail(
    run_jobs: RunJobs, mailbox: list[Any]
) -> None:
    import_list(emails("ana"), asks=False)
    ana = Subscriber.objects.get()
    assert (ana.state, ana.confirmed_at) == (SubscriberState.CONFIRMED, ana.signed_up_at)
    assert not run_jobs()
    assert not mailbox


def test_choices_in_the_list_are_stored() -> None:
    import_list(
        table(
            {
                "topics": "elections; icc-budget|icc-budget",
                "email": " Ana@Example.org ",
                "regions": "africa",
                "language": "es",
            },
            {"email": "omar@example.org"},
        ),
        language="ar",
    )
    ana = Subscriber.objects.with_address("ana@example.org").get()
    assert Preferences.of(ana) == Preferences(
        language="es",
        regions=[Region.AFRICA],
        topics=[Topic.ELECTIONS, Topic.BUDGET],
    )
    omar = Subscriber.objects.with_address("omar@example.org").get()
    assert Preferences.of(omar) == Preferences(language="ar")


def test_the_ledger_has_the_source_of_consent() -> None:
    import_list(table({"email": "ana@example.org", "topics": "elections"}))
    record = ConsentRecord.objects.get()
    assert record.event == ConsentEvent.IMPORT
    assert record.wording == SOURCE
    assert record.address_key == address_key("ana@example.org")
    assert record.choices["topics"] == [Topic.ELECTIONS]
    assert "Ana" not in str(record.choices), "the ledger has no names"


# People who are not added


@pytest.mark.parametrize("asks", [True, False])
def test_former_subscribers_are_not_added(
    asks: bool, run_jobs: RunJobs, mailbox: list[Any]
) -> None:
    now = timezone.now()
    SubscriberFactory.create(
        email="left@example.org", state=SubscriberState.UNSUBSCRIBED, ended_at=now, confirmed_at=now
    )
    SubscriberFactory.create(
        email="bounced@example.org", state=SubscriberState.SUPPRESSED, ended_at=now
    )
    services.suppress(email="complained@example.org", reason=SuppressionReason.COMPLAINED)
    SubscriberFactory.create(email="erased@example.org", confirmed=True)
    services.erase_person(email="erased@example.org")
    before = states()
    done = import_list(emails("left", "BOUNCED", "complained", "erased"), asks=asks)
    assert done.counts == {**dict.fromkeys(Outcome, 0), Outcome.LEFT: 4}
    assert states() == before
    run_jobs()
    assert not mailbox


@pytest.mark.parametrize("asks", [True, False])
def test_known_subscribers_are_not_changed(asks: bool) -> None:
    SubscriberFactory.create(email="ana@example.org", language="fr", confirmed=True)
    SubscriberFactory.create(email="omar@example.org", language="ar")
    before = list(Subscriber.objects.order_by("pk").values())
    done = import_list(
        table(
            {"email": "ANA@example.org", "language": "es"},
            {"email": "omar@example.org", "language": "es"},
        ),
        asks=asks,
    )
    assert (done.counts[Outcome.SUBSCRIBED], done.counts[Outcome.PENDING]) == (1, 1)
    assert list(Subscriber.objects.order_by("pk").values()) == before
    assert not ConsentRecord.objects.exists()


def test_repeated_people_count_once() -> None:
    done = import_list(
        table(
            {"email": "ana@bücher.example", "language": "fr"},
            {"email": "ANA@xn--bcher-kva.example", "language": "es"},
        )
    )
    assert (done.counts[Outcome.NEW], done.counts[Outcome.REPEATED]) == (1, 1)
    assert Subscriber.objects.get().language == "fr"


def test_people_who_leave_before_the_list_is_applied_are_not_added() -> None:
    waiting = keep(emails("ana", "omar"), asks=False)
    assert waiting.counts[Outcome.NEW] == 2
    services.erase_person(email="omar@example.org")
    done = apply_import(pk=waiting.pk, user=None)
    assert (done.counts[Outcome.NEW], done.counts[Outcome.LEFT]) == (1, 1)
    assert states() == {"ana": SubscriberState.CONFIRMED}


# Once


def test_a_list_is_applied_once_and_its_file_is_erased() -> None:
    waiting = keep(emails("ana"))
    apply_import(pk=waiting.pk, user=None)
    with pytest.raises(ImportGoneError):
        apply_import(pk=waiting.pk, user=None)
    assert ConsentRecord.objects.count() == 1
    waiting.refresh_from_db()
    assert waiting.content is None
    assert waiting.applied_at is not None


def test_an_unused_file_is_erased_after_a_day() -> None:
    old, young = keep(emails("ana")), keep(emails("omar"))
    SubscriberImport.objects.filter(pk=old.pk).update(
        uploaded_at=timezone.now() - timedelta(hours=25)
    )
    tasks.forget_stale_imports(0)
    old.refresh_from_db()
    young.refresh_from_db()
    assert old.content is None
    assert young.content is not None
    with pytest.raises(ImportGoneError):
        apply_import(pk=old.pk, user=None)


# Confirmation mails


def test_confirmation_mails_leave_a_few_each_second(
    run_jobs: RunJobs, mailbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", 2)
    import_list(emails("a", "b", "c", "d", "e"))
    begin = timezone.now()
    run_all_jobs(run_jobs)
    assert len(mailbox) == 5
    queued = ProcrastinateJob.objects.filter(task_name="newsletter.answer_sign_up")
    seconds = [
        (at - begin).total_seconds()
        for at in queued.order_by("pk").values_list("scheduled_at", flat=True)
    ]
    assert seconds[1] - seconds[0] == pytest.approx(1 / imports.MAILS_A_SECOND)
    steps = ProcrastinateJob.objects.filter(task_name="newsletter.request_confirmations")
    first, *later = steps.order_by("pk").values_list("scheduled_at", flat=True)
    assert first is None
    assert len(later) == 3, "each job but the first waits for the mails of the one before"
    assert later[0] >= begin + timedelta(seconds=0.9)


def test_a_repeated_job_sends_no_second_mail(run_jobs: RunJobs, mailbox: list[Any]) -> None:
    done = import_list(emails("ana", "omar"))
    assert imports.request_confirmations(import_id=done.pk, after=0) == 2
    assert imports.request_confirmations(import_id=done.pk, after=0) == 0
    while run_jobs():
        pass
    assert len(mailbox) == 2


def test_people_who_sign_up_meanwhile_get_no_mail_for_the_list(mailbox: list[Any]) -> None:
    done = import_list(emails("ana", "omar"))
    services.subscribe(
        email="ana@example.org", preferences=Preferences(language="en"), circumstances=NOBODY
    )
    assert imports.request_confirmations(import_id=done.pk, after=0) == 1


# Broken files


def test_every_mistake_is_reported_with_its_place_and_nothing_is_written() -> None:
    content = table(
        {"email": "ana@example.org", "language": "de", "regions": "africa;atlantis"},
        {"email": "nonsense", "language": "en"},
        {"email": "", "language": "en"},
        {"email": "=cmd@example.org"},
    )
    found = problems(content)
    assert [problem.partition(":")[0] for problem in found] == [
        "Line 2, language",
        "Line 2, regions",
        "Line 3, email",
        "Line 4, email",
        "Line 5, email",
    ]
    assert "africa" in found[1]
    with pytest.raises(ImportRefusedError):
        keep(content)
    assert not SubscriberImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"name\nAna\n", "column email is missing"),
        (b"email,shoe_size\na@example.org,1\n", "Unknown column"),
        (b"email,languag\na@example.org,en\n", "Did you mean language?"),
        (b"email,email\na@example.org,b@example.org\n", "appears twice"),
        (b"email\n", "no rows"),
        (b"email,language\na@example.org\n", "1 cells"),
        (b'email\n"a@example.org\n', "cannot be read"),
        (b"email\n\xffa@example.org\n", "not in UTF-8"),
        (b"PK\x03\x04rest", "workbook"),
        (b"email\na\x00@example.org\n", "zero byte"),
        ("email,language\na@example.org,e\u202en\n".encode(), "invisible character"),
        (b"email\n" + b"x" * MAX_BYTES, "20 MB"),
        (b"email\n" + b"a@b.co\n" * (MAX_ROWS + 1), "200000 rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_invalid_files_are_refused(content: bytes, message: str) -> None:
    assert any(message in found for found in problems(content))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("ırmak@example.org", "before the @"),
        ("ana@\u017fite.org", "which domain"),
        ("ana@exam\u200bple.org", "invisible character"),
        ("ana@exam\u200dple.org", "invisible character"),
    ],
)
def test_an_address_that_could_reach_a_stranger_is_a_mistake_of_its_row(
    address: str, message: str
) -> None:
    [problem] = problems(f"email\ngood@example.org\n{address}\n".encode())
    assert problem.startswith("Line 3, email")
    assert message in problem


def test_no_problem_quotes_a_cell() -> None:
    secret = "secret@"
    found = problems(table({"email": secret, "language": secret, "regions": secret}))
    assert len(found) == 3
    assert not [message for message in found if "secret" in message]


# Many


def test_a_long_list_takes_few_statements() -> None:
    for number in (10, 20_000):  # The second in four chunks.
        waiting = keep(emails(*(f"person{number}x{i}" for i in range(number))), asks=False)
        with CaptureQueriesContext(connection) as queries:
            done = apply_import(pk=waiting.pk, user=None)
        assert done.counts[Outcome.NEW] == number
        chunks = -(-number // bulk.CHUNK)
        assert len(queries) <= 15 + 3 * chunks
    assert Subscriber.objects.count() == 20_010
    assert ConsentRecord.objects.count() == 20_010


# The command


def test_the_command_imports_a_list(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(emails("ana", "omar", "Ana"))
    arguments = [str(file), "--consent-source", SOURCE]
    call_command("import_subscribers", *arguments, "--dry-run")
    assert "2 new" in capsys.readouterr().out
    assert not Subscriber.objects.exists()
    assert not SubscriberImport.objects.exists()
    call_command("import_subscribers", *arguments, "--confirmed", "--language", "fr")
    assert "2 new, 0 subscribed, 0 pending, 0 left, 1 repeated. Done." in capsys.readouterr().out
    assert states() == {"ana": SubscriberState.CONFIRMED, "omar": SubscriberState.CONFIRMED}
    assert set(Subscriber.objects.values_list("language", flat=True)) == {"fr"}


def test_the_command_reports_mistakes_without_addresses(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"email\nana@example.org\nana@\n")
    with pytest.raises(CommandError, match="nothing was written"):
        call_command("import_subscribers", str(file), "--consent-source", SOURCE)
    err = capsys.readouterr().err
    assert "Line 3, email" in err
    assert "ana@" not in err
    with pytest.raises(CommandError, match="--consent-source"):
        call_command("import_subscribers", str(file), "--consent-source", " ")


def test_a_plan_writes_nothing() -> None:
    with CaptureQueriesContext(connection) as queries:
        plan = plan_import(content=emails("ana"), language="en")
    assert plan.counts[Outcome.NEW] == 1
    assert all(query["sql"].startswith("SELECT") for query in queries)


def test_records_of_an_import_contain_no_address() -> None:
    terms = ImportTerms(
        consent_source="Sent by ana@example.org", asks_to_confirm=True, language="en"
    )
    with pytest.raises(ImportRefusedError, match="1 problem"):
        imports.keep_import(content=emails("omar"), file_name="x.csv", terms=terms, user=None)
    terms = ImportTerms(consent_source="Paper", asks_to_confirm=True, language="en")
    kept = imports.keep_import(
        content=emails("omar"), file_name="ana@example.org.csv", terms=terms, user=None
    )
    assert "ana" not in kept.file_name


# Files of other systems

MAILCHIMP = (
    '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,'
    "LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS\r\n"
    'Ana@Example.org,Ana,Example,2,,,"2024-05-01 10:00:00",192.0.2.1,,,,,,,,"2024-05-01 10:00:00",'
    '1,abc,,"""news"""\r\n'
)


def test_an_export_of_mailchimp_is_read() -> None:
    [ana] = read(MAILCHIMP.encode(), language="en").people
    assert ana.email == "ana@example.org"


@pytest.mark.parametrize(
    "heading",
    [
        "Email",
        "E-mail",
        "E-mail address",
        "Email Address",
        "Adresse e-mail",
        "Courriel",
        "Correo electrónico",
    ],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_headings_of_other_systems_are_recognised(heading: str, delimiter: str) -> None:
    text = f"sep={delimiter}\r\n{heading}{delimiter}Language\r\nana@example.org{delimiter}fr\r\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        [ana] = read(text.encode(encoding), language="en").people
        assert (ana.email, ana.preferences.language) == ("ana@example.org", "fr")


@pytest.mark.parametrize("heading", ["UNSUB_TIME", "clean_time"])
def test_people_who_left_elsewhere_are_not_subscribed_by_mistake(heading: str) -> None:
    content = f"Email Address,{heading}\r\nana@example.org,2024-05-01 10:00:00\r\n".encode()
    assert "must not receive mail" in problems(content)[0]
    listed = read(content, language="en", kind=ListKind.LEFT)
    assert [person.email for person in listed.people] == ["ana@example.org"]


def import_left(content: bytes, kind: ListKind) -> SubscriberImport:
    terms = ImportTerms(consent_source="Mailchimp", asks_to_confirm=True, language="en", kind=kind)
    kept = imports.keep_import(content=content, file_name="left.csv", terms=terms, user=None)
    return apply_import(pk=kept.pk, user=None)


@pytest.mark.parametrize(
    ("kind", "state", "reason", "event"),
    [
        (
            ListKind.LEFT,
            SubscriberState.UNSUBSCRIBED,
            SuppressionReason.UNSUBSCRIBED,
            "unsubscription",
        ),
        (ListKind.BOUNCED, SubscriberState.SUPPRESSED, SuppressionReason.BOUNCED, "suppression"),
    ],
)
def test_a_list_of_former_subscribers_suppresses_them(
    kind: ListKind, state: SubscriberState, reason: SuppressionReason, event: str, run_jobs: RunJobs
) -> None:
    SubscriberFactory.create(email="confirmed@example.org", confirmed=True)
    SubscriberFactory.create(email="pending@example.org")
    SubscriberFactory.create(email="other@example.org", confirmed=True)
    services.suppress(email="complained@example.org", reason=SuppressionReason.COMPLAINED)
    done = import_left(emails("confirmed", "pending", "new", "complained", "new"), kind)
    assert done.counts == {
        Outcome.NEW: 1,
        Outcome.SUBSCRIBED: 1,
        Outcome.PENDING: 1,
        Outcome.LEFT: 1,
        Outcome.REPEATED: 1,
    }
    assert done.content is None
    assert states() == {"confirmed": state, "pending": state, "other": SubscriberState.CONFIRMED}
    for name in ("confirmed", "pending", "new"):
        suppressed = SuppressedAddress.objects.of_address(f"{name}@example.org").get()
        assert suppressed.reason == reason
        record = ConsentRecord.objects.of_address(f"{name}@example.org").get()
        assert (record.event, record.wording) == (event, "Mailchimp")
    complained = SuppressedAddress.objects.of_address("complained@example.org").get()
    assert complained.reason == SuppressionReason.COMPLAINED
    assert run_jobs() == 0
    assert import_list(emails("new")).counts[Outcome.LEFT] == 1


def test_the_command_imports_a_list_of_former_subscribers(tmp_path: Path) -> None:
    file = tmp_path / "left.csv"
    file.write_text("Email;UNSUB_TIME\nana@example.org;2024-05-01\n")
    call_command("import_subscribers", str(file), consent_source="Mailchimp", kind="left")
    assert services.is_suppressed(email="ana@example.org")
    assert not Subscriber.objects.exists()
