"""Supporters who receive global justice news, and the proof that they asked for it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.choices import Topic
from core.models import KeyedHashes
from newsletter.choices import ConsentEvent, State, SuppressionReason
from newsletter.querysets import (
    ConsentRecordQuerySet,
    SubscriberQuerySet,
    SuppressedAddressQuerySet,
)
from record.choices import Region

LANGUAGE_CODES = [code for code, _name in settings.LANGUAGES]


class Subscriber(models.Model):
    """A person who asked for the newsletter, confirmed or not.

    `confirmed_at` and `ended_at` say when it last happened, and are kept when the person signs up again: links of
    mails are bound to them, so one that was used stays used.
    """

    key = models.UUIDField(_("key"), default=uuid.uuid4, editable=False, unique=True)
    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    regions = ArrayField(
        models.CharField(max_length=40, choices=Region),
        verbose_name=_("regions"),
        default=list,
        blank=True,
        help_text=_("None chosen: all."),
    )
    topics = ArrayField(
        models.CharField(max_length=40, choices=Topic),
        verbose_name=_("topics"),
        default=list,
        blank=True,
        help_text=_("None chosen: all."),
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    signed_up_at = models.DateTimeField(_("signed up"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-signed_up_at", "-pk"]
        # People subscribe and leave by themselves: staff look, or do what a person asks for.
        default_permissions = ("view",)
        permissions = [
            ("export_subscriber", "Can export subscribers"),
            (
                "manage_subscriber",
                "Can see all that is kept of a person, messages included, and end, correct, export or erase it",
            ),
        ]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="unique_subscriber_email"),
            models.CheckConstraint(
                condition=Q(email=Lower(F("email"))), name="subscriber_email_is_normalised"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="subscriber_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="confirmed_subscriber_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.UNSUBSCRIBED, State.SUPPRESSED])
                | Q(ended_at__isnull=False),
                name="former_subscriber_has_date",
            ),
            models.CheckConstraint(
                condition=Q(language__in=LANGUAGE_CODES), name="subscriber_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(regions__contained_by=Region.values),
                name="subscriber_regions_are_known",
            ),
            models.CheckConstraint(
                condition=Q(topics__contained_by=Topic.values), name="subscriber_topics_are_known"
            ),
        ]
        indexes = [
            models.Index(fields=("-signed_up_at", "-id"), name="subscriber_newest"),
            models.Index(
                fields=("language", "id"),
                name="subscriber_confirmed_language",
                condition=Q(state=State.CONFIRMED),
            ),
            GinIndex(fields=("regions",), name="subscriber_regions"),
            GinIndex(fields=("topics",), name="subscriber_topics"),
        ]

    def __str__(self) -> str:
        return self.email


class SignUp(models.Model):
    """One time that somebody asked for the newsletter in an address's name, and what they chose.

    The link in its own mail makes these choices the subscriber's. Until then they are a stranger's word, so they
    stand apart from the subscriber.
    """

    subscriber = models.ForeignKey(
        Subscriber, verbose_name=_("subscriber"), on_delete=models.CASCADE, related_name="sign_ups"
    )
    asked_at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    regions = ArrayField(models.CharField(max_length=40, choices=Region), default=list, blank=True)
    topics = ArrayField(models.CharField(max_length=40, choices=Topic), default=list, blank=True)

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=LANGUAGE_CODES), name="sign_up_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(regions__contained_by=Region.values), name="sign_up_regions_are_known"
            ),
            models.CheckConstraint(
                condition=Q(topics__contained_by=Topic.values), name="sign_up_topics_are_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"


class ConsentRecord(KeyedHashes):
    """One event in the life of a person's consent. Rows are only added; the database refuses anything else.

    It knows the address only as a keyed hash, so it stays when the person is erased: the proof of what was agreed,
    and that it ended.
    """

    address_key = models.CharField(_("hash of the address"), max_length=64)
    event = models.CharField(_("event"), max_length=20, choices=ConsentEvent)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    wording_version = models.CharField(_("version of the wording"), max_length=20, blank=True)
    wording = models.TextField(
        _("wording"), blank=True, help_text=_("As the person read it, in the language of the page.")
    )
    choices = models.JSONField(
        _("choices"), default=dict, blank=True, help_text=_("Language, regions and topics.")
    )
    page = models.CharField(
        _("page"),
        max_length=200,
        blank=True,
        help_text=_("The name of the route of the page, or the path of a page of the tree."),
    )
    client_key = models.CharField(_("hash of the client's address"), max_length=64, blank=True)

    objects = ConsentRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent record")
        verbose_name_plural = _("consent records")
        ordering = ["-happened_at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(event__in=ConsentEvent.values), name="consent_event_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(event=ConsentEvent.SIGN_UP) | ~Q(wording=""),
                name="sign_up_has_wording",
            ),
            # A token opens a person's page, and what stands here stays.
            models.CheckConstraint(
                condition=~Q(page__regex=r"[A-Za-z0-9_-]{20}\.[A-Za-z0-9]+\.[A-Za-z0-9_-]"),
                name="consent_page_holds_no_token",
            ),
        ]
        indexes = [
            models.Index(fields=("address_key", "happened_at"), name="consent_of_address"),
            models.Index(fields=("happened_at", "event"), name="consent_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}, {self.happened_at:%Y-%m-%d}"


class SuppressedAddress(KeyedHashes):
    """An address that no list, import or issue may write to. Only a fresh sign-up that is confirmed lifts it."""

    address_key = models.CharField(_("hash of the address"), max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=20, choices=SuppressionReason)
    suppressed_at = models.DateTimeField(_("when"), default=timezone.now)
    asked_at = models.DateTimeField(
        _("last asked to confirm a new sign-up"), null=True, blank=True, editable=False
    )

    objects = SuppressedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=SuppressionReason.values),
                name="suppression_reason_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.suppressed_at:%Y-%m-%d}"
