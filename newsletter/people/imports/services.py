"""Import a list of people: the file waits, its outcome is shown, and then all of it is applied or nothing.

Nobody who left is subscribed again by a list, and subscribers keep the choices that they made themselves.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from wagtail.log_actions import log

from core.imports.problems import ImportGoneError, refusal
from core.jobs import defer
from core.models import User
from core.personal_data.addresses import holds_any_address, without_any_address
from newsletter.addresses import address_keys
from newsletter.choices import ListKind, SubscriberState
from newsletter.models import Subscriber, SubscriberImport, SuppressedAddress
from newsletter.models.subscribers import one_of
from newsletter.services import ANSWER_SIGN_UP

from .bulk import add_subscribers, record_import
from .columns import ListedPerson, SubscriberList, read
from .do_not_mail import keep_from_mail

logger = logging.getLogger(__name__)

LOG_ACTION = "newsletter.import_subscribers"
PERMISSION = "newsletter.import_subscriber"
# Named, not imported: the tasks call the services.
ASK_IMPORTED = "newsletter.ask_imported"

KEPT_FOR = timedelta(days=1)
CHUNK = 5_000
# Mails each second that ask for confirmation: providers distrust a sender that suddenly sends many.
ASKED_A_SECOND = 2
# People asked by one job: few, since every worker searches the queue for jobs that are due.
ASKED_AT_ONCE = 200


class Outcome(StrEnum):
    """What an import does with a line."""

    NEW = "new"
    SUBSCRIBED = "subscribed"
    PENDING = "pending"
    LEFT = "left"
    REPEATED = "repeated"


OF_STATE = {
    SubscriberState.CONFIRMED: Outcome.SUBSCRIBED,
    SubscriberState.PENDING: Outcome.PENDING,
    SubscriberState.UNSUBSCRIBED: Outcome.LEFT,
    SubscriberState.SUPPRESSED: Outcome.LEFT,
}


@dataclass(frozen=True, kw_only=True)
class ImportTerms:
    """What staff state about a list: its kind, where and when its people agreed or left, whether they are asked to
    confirm, and the language of those whose row has none.
    """

    consent_source: str
    asks_to_confirm: bool
    language: str
    kind: ListKind = ListKind.PEOPLE


@dataclass
class ImportPlan:
    """What a list would do now: the number of lines by outcome, and the people who are new or subscribed."""

    counts: dict[str, int]
    new: list[ListedPerson] = field(default_factory=list)
    subscribed: list[ListedPerson] = field(default_factory=list)


def plan_import(*, content: bytes, language: str, kind: ListKind = ListKind.PEOPLE) -> ImportPlan:
    """Return what the list would do. Writes nothing. Raises `ImportRefusedError` with every mistake."""
    return _plan(read(content, language=language, kind=kind))


def plan_of(waiting: SubscriberImport) -> ImportPlan:
    """Return what a waiting list would do now."""
    return plan_import(
        content=bytes(waiting.content or b""),
        language=waiting.language,
        kind=ListKind(waiting.kind),
    )


def find_import(*, pk: int, user: User | None, lock: bool = False) -> SubscriberImport:
    """Return a waiting list of `user`. Raises `ImportGoneError` where it was applied, or its file is erased."""
    lists = SubscriberImport.objects.filter(pk=pk, made_by=user, content__isnull=False)
    waiting = (lists.select_for_update(of=("self",)) if lock else lists).first()
    if waiting is None:
        raise ImportGoneError
    return waiting


@transaction.atomic
def keep_import(
    *, content: bytes, file_name: str, terms: ImportTerms, user: User | None
) -> SubscriberImport:
    """Keep a list until it is applied. Raises `ImportRefusedError` with every mistake.

    The source of consent stays in the ledger when a person is erased, so it may hold no address.
    """
    if holds_any_address(terms.consent_source):
        raise refusal(
            _("The source of consent must not contain an e-mail address: it is kept permanently.")
        )
    plan = plan_import(content=content, language=terms.language, kind=terms.kind)
    return SubscriberImport.objects.create(
        file_name=without_any_address(file_name)[:255],
        content=content,
        made_by=user,
        counts=plan.counts,
        **asdict(terms),
    )


@transaction.atomic
def apply_import(*, pk: int, user: User | None) -> SubscriberImport:
    """Apply a waiting list of `user`, compared with who is subscribed and who left at this moment.

    Raises `ImportGoneError` where it is not waiting any more, as when it is applied in two tabs.
    """
    waiting = find_import(pk=pk, user=user, lock=True)
    now = timezone.now()
    kind = ListKind(waiting.kind)
    plan = plan_of(waiting)
    if kind == ListKind.PEOPLE:
        count = len(_apply(plan, waiting, now))
        # Who signed up or left while it was applied is not new.
        late = len(plan.new) - count
        plan.counts[Outcome.NEW] -= late
        plan.counts[Outcome.LEFT] += late
    else:
        people = plan.new + plan.subscribed
        count = keep_from_mail(people, kind=kind, source=waiting.consent_source, now=now)
    waiting.content = None
    waiting.applied_at = now
    waiting.counts = plan.counts
    waiting.save(update_fields=["content", "applied_at", "counts"])
    log(instance=waiting, action=LOG_ACTION, user=user, data={"count": count})
    logger.info("newsletter.imported", extra={"import": waiting.pk, "count": count})
    return waiting


@transaction.atomic
def discard_import(*, pk: int, user: User) -> None:
    """Erase the file of a waiting list of `user`."""
    SubscriberImport.objects.filter(pk=pk, made_by=user, applied_at__isnull=True).update(
        content=None
    )


def forget_stale_imports(*, now: datetime) -> int:
    """Erase the files of lists that nobody applied for a day; return how many."""
    return SubscriberImport.objects.filter(
        uploaded_at__lt=now - KEPT_FOR, content__isnull=False
    ).update(content=None)


def _plan(listed: SubscriberList) -> ImportPlan:
    plan = ImportPlan({**dict.fromkeys(Outcome, 0)})
    plan.counts[Outcome.REPEATED] = listed.repeated
    for chunk in _chunks(listed.people):
        states = dict(
            Subscriber.objects.with_addresses(person.email for person in chunk).values_list(
                "email", "state"
            )
        )
        suppressed = _suppressed(person.email for person in chunk if person.email not in states)
        for person in chunk:
            if person.email in states:
                outcome = OF_STATE[SubscriberState(states[person.email])]
                plan.counts[outcome] += 1
                plan.subscribed += [person] if outcome != Outcome.LEFT else []
            elif person.email in suppressed:
                plan.counts[Outcome.LEFT] += 1
            else:
                plan.counts[Outcome.NEW] += 1
                plan.new.append(person)
    return plan


def _apply(plan: ImportPlan, waiting: SubscriberImport, now: datetime) -> list[ListedPerson]:
    """Write the new people, and return those whom no other writer added or suppressed meanwhile."""
    state = SubscriberState.PENDING if waiting.asks_to_confirm else SubscriberState.CONFIRMED
    written = add_subscribers(plan.new, state=state, now=now)
    # Whoever leaves in these seconds waits for the end of the transaction. Locking before the people are written could
    # make two transactions wait for each other.
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {SuppressedAddress._meta.db_table} IN SHARE MODE")
    added = []
    for chunk in _chunks([person for person in plan.new if person.email in written]):
        left = _suppressed(person.email for person in chunk)
        if left:
            Subscriber.objects.with_addresses(left).delete()
        added += [person for person in chunk if person.email not in left]
    record_import(added, consent_source=waiting.consent_source, state=state, now=now)
    if waiting.asks_to_confirm and added:
        defer(ASK_IMPORTED, import_id=waiting.pk, after=0)
    return added


def _suppressed(emails: Iterable[str]) -> set[str]:
    """Those of the addresses that must not be written to. One query."""
    by_key = {key: email for email in emails for key in address_keys(email)}
    found = SuppressedAddress.objects.filter(address_key__in=one_of(by_key))
    return {by_key[key] for key in found.values_list("address_key", flat=True)}


def _chunks(people: Sequence[ListedPerson]) -> Iterator[Sequence[ListedPerson]]:
    for start in range(0, len(people), CHUNK):
        yield people[start : start + CHUNK]


@transaction.atomic
def ask_next(*, import_id: int, after: int) -> int:
    """Queue the confirmation mails of the next imported people, a few each second; return how many, 0 at the end.

    Only people whose state the import set and nobody changed since are asked. `after` is the key of the subscriber who
    was asked last. Raises `AlreadyEnqueued` where this step was done already.
    """
    applied_at = SubscriberImport.objects.filter(pk=import_id).values("applied_at")
    pks = list(
        Subscriber.objects.filter(
            state=SubscriberState.PENDING, signed_up_at=Subquery(applied_at), pk__gt=after
        )
        .order_by("pk")
        .values_list("pk", flat=True)[:ASKED_AT_ONCE]
    )
    if not pks:
        return 0
    now = timezone.now()
    app.job_manager.batch_defer_jobs(
        [
            app.configure_task(
                ANSWER_SIGN_UP, schedule_at=now + timedelta(seconds=number / ASKED_A_SECOND)
            ).make_new_job(subscriber_id=pk)
            for number, pk in enumerate(pks)
        ]
    )
    app.configure_task(
        ASK_IMPORTED,
        schedule_in={"seconds": len(pks) / ASKED_A_SECOND},
        queueing_lock=f"{ASK_IMPORTED}.{import_id}",
    ).defer(import_id=import_id, after=pks[-1])
    return len(pks)
