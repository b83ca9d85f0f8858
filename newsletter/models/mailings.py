"""Mailings, their deliveries, and events that providers reported."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.choices import DeliveryState, MailEventKind, MailingKind, MailingState, PauseReason
from newsletter.message_ids import message_id_of
from newsletter.states import (
    MAILING_TRANSITIONS,
    Action,
    changes_by_itself,
    delivery_actions,
    mailing_actions,
)

LANGUAGE_CODES = [code for code, _name in settings.LANGUAGES]


class MailingQuerySet(models.QuerySet["Mailing"]):
    """Queries for mailings by state."""

    def due(self, moment: datetime) -> Self:
        """Select those that are due to start."""
        return self.filter(state=MailingState.SCHEDULED, scheduled_at__lte=moment)

    def sending(self) -> Self:
        return self.filter(state=MailingState.SENDING)

    def cancellable(self) -> Self:
        """Select those that have not ended: scheduled, being sent or paused."""
        return self.filter(state__in=MAILING_TRANSITIONS[Action.CANCEL].sources)


class Mailing(models.Model):
    """The sending of an issue, or of a request to reconfirm, to its recipients.

    An issue is sent once in all languages: its translations share `issue_key`. `page` is the one that was ordered: its
    audience receives the mailing, and readers of a language without a translation get its text. `active_at` is the last
    time a worker touched the mailing: it is old in a restored backup.
    """

    kind = models.CharField(
        _("kind"), max_length=16, choices=MailingKind, default=MailingKind.ISSUE
    )
    page = models.ForeignKey(
        "newsletter.IssuePage",
        verbose_name=_("issue"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="mailings",
    )
    issue_key = models.UUIDField(_("key of the issue"), null=True, unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=255)
    segment = models.ForeignKey(
        "newsletter.Segment",
        verbose_name=_("segment"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=12, choices=MailingState, default=MailingState.SCHEDULED
    )
    pause_reason = models.CharField(_("reason"), max_length=12, choices=PauseReason, blank=True)
    pause_details = models.CharField(_("details"), max_length=300, blank=True)
    scheduled_at = models.DateTimeField(_("scheduled for"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    active_at = models.DateTimeField(_("last active"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    confirmed_before = models.DateField(_("confirmed before"), null=True, blank=True)
    answer_by = models.DateField(_("deadline"), null=True, blank=True)
    errors_in_a_row = models.PositiveIntegerField(_("errors in a row"), default=0)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ordered by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ["-scheduled_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("send_mailing", "Can send issues to subscribers")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MailingState.values), name="mailing_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MailingKind.values), name="mailing_kind_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(kind=MailingKind.ISSUE) & Q(issue_key__isnull=False))
                | (Q(kind=MailingKind.RECONFIRMATION) & Q(answer_by__isnull=False)),
                name="mailing_has_what_its_kind_needs",
            ),
            models.CheckConstraint(
                condition=(Q(state=MailingState.PAUSED) & Q(pause_reason__in=PauseReason.values))
                | (~Q(state=MailingState.PAUSED) & Q(pause_reason="")),
                name="paused_mailing_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MailingState.SENDING, MailingState.SENT])
                | Q(started_at__isnull=False, active_at__isnull=False),
                name="started_mailing_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MailingState.SENT, MailingState.CANCELLED])
                | Q(finished_at__isnull=False),
                name="finished_mailing_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=("scheduled_at",),
                name="mailing_in_service",
                condition=Q(state__in=[MailingState.SCHEDULED, MailingState.SENDING]),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def available_actions(self) -> set[Action]:
        """Return the actions open to staff now. At most one query, for uncertain deliveries."""
        actions = mailing_actions(MailingState(self.state))
        if Action.RESEND in actions and not self.deliveries.uncertain().exists():
            actions.remove(Action.RESEND)
        return actions

    @property
    def changes_by_itself(self) -> bool:
        """Return whether workers start or send it, so that its figures change without an action of staff."""
        return changes_by_itself(MailingState(self.state))


class MailingContent(models.Model):
    """The content of a mailing in one language, frozen when it started, so that every recipient gets the same.

    `html` and `text` contain slots for each recipient's own links: see `newsletter.mail_content`.
    """

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="contents")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=255)
    html = models.TextField(_("HTML"))
    text = models.TextField(_("plain text"))

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=("mailing", "language"), name="unique_mailing_content"),
            models.CheckConstraint(
                condition=Q(language__in=LANGUAGE_CODES), name="mailing_content_language_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(html="") & ~Q(text=""), name="mailing_content_has_both_parts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.language})"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Queries for deliveries by state."""

    def waiting(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def unsettled(self) -> Self:
        """Select those without an outcome."""
        return self.filter(state__in=[DeliveryState.WAITING, DeliveryState.HANDED_OVER])

    def uncertain(self) -> Self:
        return self.filter(state=DeliveryState.UNCERTAIN)

    def count_by_state(self) -> dict[DeliveryState, int]:
        """Count them by state, in one query. Every state has a number, also 0."""
        rows = self.order_by().values_list("state").annotate(number=Count("pk"))
        return dict.fromkeys(DeliveryState, 0) | {DeliveryState(state): n for state, n in rows}


class Delivery(models.Model):
    """One message of a mailing to one subscriber. A constraint of the database prevents a second one.

    `claim` identifies the worker that hands it over, until the outcome is written. `error` is the server's code, never
    its text, which quotes the address. The row of an erased subscriber stays for the figures, with `subscriber` empty.
    """

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(
        "newsletter.Subscriber", null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=DeliveryState,
        default=DeliveryState.WAITING,
        db_default=DeliveryState.WAITING,
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    claim = models.BigIntegerField(_("claimed by"), null=True, blank=True)
    settled_at = models.DateTimeField(_("when"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=80, blank=True, db_default="")
    bounced_at = models.DateTimeField(_("bounced"), null=True, blank=True)
    complained_at = models.DateTimeField(_("complained"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=("mailing", "subscriber"), name="unique_delivery"),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[DeliveryState.HANDED_OVER, DeliveryState.UNCERTAIN])
                | Q(claim__isnull=True),
                name="claimed_delivery_is_not_settled",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.HANDED_OVER) | Q(claim__isnull=False),
                name="handed_over_delivery_is_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        DeliveryState.SENT,
                        DeliveryState.FAILED,
                        DeliveryState.UNCERTAIN,
                        DeliveryState.SKIPPED,
                        DeliveryState.CANCELLED,
                    ]
                )
                | Q(settled_at__isnull=False),
                name="settled_delivery_says_when",
            ),
            models.CheckConstraint(
                condition=Q(language__in=LANGUAGE_CODES), name="delivery_language_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=("mailing", "id"),
                name="delivery_waiting",
                condition=Q(state=DeliveryState.WAITING),
            ),
            models.Index(
                fields=("claim",),
                name="delivery_handed_over",
                condition=Q(state=DeliveryState.HANDED_OVER),
            ),
            models.Index(fields=("mailing", "state"), name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.mailing_id}.{self.pk}"

    @property
    def message_id(self) -> str:
        """Return the same at every attempt, so that mail programs show a message that arrives twice only once."""
        return message_id_of(self.mailing_id, self.pk)

    @property
    def available_actions(self) -> set[Action]:
        """Return the actions open to staff on this delivery alone."""
        return delivery_actions(DeliveryState(self.state))


class MailEvent(models.Model):
    """An event that a mail provider reported. `fingerprint` is the same for each repetition, so it is stored once.

    It does not contain the address, so that it may stay when the subscriber is erased.
    """

    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=MailEventKind)
    happened_at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    delivery = models.ForeignKey(
        Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="events"
    )
    subscriber = models.ForeignKey(
        "newsletter.Subscriber",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="mail_events",
    )

    class Meta:
        verbose_name = _("mail event")
        verbose_name_plural = _("mail events")
        ordering = ["-happened_at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MailEventKind.values), name="mail_event_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.happened_at:%Y-%m-%d}"


class SendingClock(models.Model):
    """The next time at which the provider's rate limit allows a message. One row, shared by all workers."""

    free_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="there_is_one_sending_clock")]

    def __str__(self) -> str:
        return f"{self.free_at:%Y-%m-%d %H:%M:%S}"
