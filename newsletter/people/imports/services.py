"""Imports a list of people: the file waits, its effect is shown, then all of it is applied, or none.

An import never subscribes former subscribers again, and never changes the choices of subscribers.
"""

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.imports.problems import ImportGoneError, refusal
from core.jobs import defer, defer_each, defer_once
from core.models import User
from core.personal_data.addresses import holds_any_address, without_any_address
from newsletter.addresses import address_keys
from newsletter.choices import ListKind, SubscriberState
from newsletter.models import Subscriber, SubscriberImport, SuppressedAddress
from newsletter.models.subscribers import one_of
from newsletter.services import ANSWER_SIGN_UP

from .bulk import add_subscribers, chunks, record_import, suppress_people
from .columns import ListedPerson, SubscriberList, read

logger = logging.getLogger(__name__)

LOG_ACTION = "newsletter.import_subscribers"
# By name, since the task imports this module.
REQUEST_CONFIRMATIONS = "newsletter.request_confirmations"

KEPT_FOR = timedelta(days=1)
# Confirmation mails a second. Providers distrust a sender that suddenly sends many.
MAILS_A_SECOND = 2
# Mails queued at once. Their number is small, because every worker searches the queue for jobs that are due.
BATCH = 200


class Outcome(StrEnum):
    """The outcome of a line."""

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
    """The statements of staff about a list.

    `consent_source` is where and when its people agreed or left; `asks_to_confirm`: they get a confirmation mail;
    `language` is that of people whose row has none.
    """

    consent_source: str
    asks_to_confirm: bool
    language: str
    kind: ListKind = ListKind.PEOPLE


@dataclass
class ImportPlan:
    """The effect of a list if applied now: the number of lines by outcome, and the people who are new or subscribed."""

    counts: dict[str, int]
    new: list[ListedPerson] = field(default_factory=list)
    subscribed: list[ListedPerson] = field(default_factory=list)


def plan_import(*, content: bytes, language: str, kind: ListKind = ListKind.PEOPLE) -> ImportPlan:
    """Return the effect of a list, without applying it. Raises `ImportRefusedError` with every mistake."""
    return _plan(read(content, language=language, kind=kind))


def plan_of(waiting: SubscriberImport) -> ImportPlan:
    """Return the effect of a waiting list if applied now."""
    return plan_import(
        content=bytes(waiting.content or b""),
        language=waiting.language,
        kind=ListKind(waiting.kind),
    )


def find_import(*, pk: int, user: User | None, lock: bool = False) -> SubscriberImport:
    """Return a waiting list of `user`. Raises `ImportGoneError` if it was applied or its file was erased."""
    lists = SubscriberImport.objects.filter(pk=pk, made_by=user, content__isnull=False)
    waiting = (lists.select_for_update(of=("self",)) if lock else lists).first()
    if waiting is None:
        raise ImportGoneError
    return waiting


@transaction.atomic
def keep_import(
    *, content: bytes, file_name: str, terms: ImportTerms, user: User | None
) -> SubscriberImport:
    """Store a list until it is applied. Raises `ImportRefusedError` with every mistake.

    The source of consent stays in the ledger when a person is erased, so it must not contain an address.
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
    """Apply a waiting list of `user`, by the current states of its people.

    Raises `ImportGoneError` if it is no longer waiting, for instance because it was applied in another tab.
    """
    waiting = find_import(pk=pk, user=user, lock=True)
    now = timezone.now()
    kind = ListKind(waiting.kind)
    plan = plan_of(waiting)
    if kind == ListKind.PEOPLE:
        count = len(_apply(plan, waiting, now))
        # People who signed up or left meanwhile are not new.
        late = len(plan.new) - count
        plan.counts[Outcome.NEW] -= late
        plan.counts[Outcome.LEFT] += late
    else:
        people = plan.new + plan.subscribed
        count = suppress_people(people, kind=kind, source=waiting.consent_source, now=now)
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
    """Erase the files of lists that were not applied within a day; return how many."""
    return SubscriberImport.objects.filter(
        uploaded_at__lt=now - KEPT_FOR, content__isnull=False
    ).update(content=None)


def _plan(listed: SubscriberList) -> ImportPlan:
    plan = ImportPlan({**dict.fromkeys(Outcome, 0)})
    plan.counts[Outcome.REPEATED] = listed.repeated
    for chunk in chunks(listed.people):
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
    """Add the new people, and return those whom no other transaction added or suppressed meanwhile."""
    state = SubscriberState.PENDING if waiting.asks_to_confirm else SubscriberState.CONFIRMED
    written = add_subscribers(plan.new, state=state, now=now)
    # An unsubscription now waits for the end of this transaction. Locking before the insertion could cause a deadlock.
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {SuppressedAddress._meta.db_table} IN SHARE MODE")
    added = []
    for chunk in chunks([person for person in plan.new if person.email in written]):
        left = _suppressed(person.email for person in chunk)
        if left:
            Subscriber.objects.with_addresses(left).delete()
        added += [person for person in chunk if person.email not in left]
    record_import(added, consent_source=waiting.consent_source, state=state, now=now)
    if waiting.asks_to_confirm and added:
        defer(REQUEST_CONFIRMATIONS, import_id=waiting.pk, after=0)
    return added


def _suppressed(emails: Iterable[str]) -> set[str]:
    """Return which of the addresses are suppressed. One query."""
    by_key = {key: email for email in emails for key in address_keys(email)}
    found = SuppressedAddress.objects.filter(address_key__in=one_of(by_key))
    return {by_key[key] for key in found.values_list("address_key", flat=True)}


@transaction.atomic
def request_confirmations(*, import_id: int, after: int) -> int:
    """Queue confirmation mails to the next imported people, a few each second, and the job for the next batch.

    Return how many; 0 at the end, or if this batch was queued before. People who have signed up or been changed since
    the import are left out. `after` is the key of the last subscriber of the batch before.
    """
    applied_at = SubscriberImport.objects.filter(pk=import_id).values("applied_at")
    pks = list(
        Subscriber.objects.filter(
            state=SubscriberState.PENDING, signed_up_at=Subquery(applied_at), pk__gt=after
        )
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    # The job for the next batch waits while this batch is sent, so if it is queued already, so are these mails.
    if not pks or not defer_once(
        REQUEST_CONFIRMATIONS,
        key=f"{REQUEST_CONFIRMATIONS}.{import_id}",
        wait=len(pks) / MAILS_A_SECOND,
        import_id=import_id,
        after=pks[-1],
    ):
        return 0
    defer_each(ANSWER_SIGN_UP, [{"subscriber_id": pk} for pk in pks], interval=1 / MAILS_A_SECOND)
    return len(pks)
