"""Subscribers, and the records of their consent."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.choices import Topic
from core.models import KeyedHashes
from newsletter.addresses import address_keys
from newsletter.choices import ConsentEvent, SubscriberState, SuppressionReason
from record.choices import Region

LANGUAGE_CODES = [code for code, _name in settings.LANGUAGES]


def one_of(values: Iterable[str]) -> RawSQL:
    """Return an array for the right side of `__in`, which is much faster than thousands of parameters."""
    return RawSQL("SELECT unnest(%s::text[])", [list(values)])


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Criteria for confirmed subscribers: their choices and the day they signed up. An empty one matches everybody.

    `joined_from` and `joined_until` are days in UTC, both included. `within` is an audience that narrows this one.
    """

    languages: Collection[str] = field(default_factory=list)
    regions: Collection[str] = field(default_factory=list)
    topics: Collection[str] = field(default_factory=list)
    joined_from: date | None = None
    joined_until: date | None = None
    within: "Audience | None" = None


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Queries for subscribers by address, state and choices."""

    def with_address(self, email: str) -> Self:
        """Select the subscriber with this address, by the unique index."""
        return self.alias(lower_email=Lower("email")).filter(lower_email=email.lower())

    def with_addresses(self, emails: Iterable[str]) -> Self:
        """Select those with one of these normalised addresses, by the unique index."""
        return self.alias(lower_email=Lower("email")).filter(lower_email__in=one_of(emails))

    def confirmed(self) -> Self:
        """Select those who may receive mailings."""
        return self.filter(state=SubscriberState.CONFIRMED)

    def pending_since_before(self, moment: datetime) -> Self:
        return self.filter(state=SubscriberState.PENDING, signed_up_at__lt=moment)

    def ended_before(self, moment: datetime) -> Self:
        """Select those whose subscription ended before that moment."""
        ended = [SubscriberState.UNSUBSCRIBED, SubscriberState.SUPPRESSED]
        return self.filter(state__in=ended, ended_at__lt=moment)

    def reading(self, language: str) -> Self:
        return self.filter(language=language)

    def interested_in(self, *, regions: Collection[str] = (), topics: Collection[str] = ()) -> Self:
        """Select those who chose one of the regions and one of the topics. Without a choice they match every one."""
        chosen = Q()
        # The empty list comes first: most people choose none, and it is quicker to compare.
        if regions:
            chosen &= Q(regions=[]) | Q(regions__overlap=list(regions))
        if topics:
            chosen &= Q(topics=[]) | Q(topics__overlap=list(topics))
        return self.filter(chosen)

    def in_audience(self, audience: Audience) -> Self:
        """Select the members of an audience. Lazy: returns an unevaluated queryset."""
        subscribers = self.interested_in(regions=audience.regions, topics=audience.topics)
        if audience.languages:
            subscribers = subscribers.filter(language__in=list(audience.languages))
        if audience.joined_from:
            subscribers = subscribers.filter(signed_up_at__date__gte=audience.joined_from)
        if audience.joined_until:
            subscribers = subscribers.filter(signed_up_at__date__lte=audience.joined_until)
        return subscribers.in_audience(audience.within) if audience.within else subscribers

    def count_by_language(self) -> dict[str, int]:
        """Count them by language, in one query. Languages without subscribers are left out."""
        counted = self.order_by().values("language").annotate(number=Count("pk"))
        return {row["language"]: row["number"] for row in counted}


class Subscriber(models.Model):
    """A person who signed up for the newsletter, confirmed or not.

    `confirmed_at` and `ended_at` are the times of the last such event. They stay when the person signs up again, since
    tokens are bound to them: a used link must stay used.
    """

    key = models.UUIDField(_("key"), default=uuid.uuid4, editable=False, unique=True)
    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    regions = ArrayField(
        models.CharField(max_length=40, choices=Region),
        verbose_name=_("regions"),
        default=list,
        blank=True,
        help_text=_("Leave empty for all."),
    )
    topics = ArrayField(
        models.CharField(max_length=40, choices=Topic),
        verbose_name=_("topics"),
        default=list,
        blank=True,
        help_text=_("Leave empty for all."),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=SubscriberState, default=SubscriberState.PENDING
    )
    signed_up_at = models.DateTimeField(_("signed up"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-signed_up_at", "-pk"]
        # People subscribe and unsubscribe themselves. Staff view, or process requests.
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
                condition=Q(state__in=SubscriberState.values), name="subscriber_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=SubscriberState.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="confirmed_subscriber_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SubscriberState.UNSUBSCRIBED, SubscriberState.SUPPRESSED])
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
                condition=Q(state=SubscriberState.CONFIRMED),
            ),
            GinIndex(fields=("regions",), name="subscriber_regions"),
            GinIndex(fields=("topics",), name="subscriber_topics"),
        ]

    def __str__(self) -> str:
        return self.email


class SignUp(models.Model):
    """One submission of the sign-up form, with its choices.

    Anybody may have submitted it, so its choices are not those of the subscriber until the link in its mail is used.
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


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """The choices of a subscriber or sign-up. An empty list of regions or topics means all."""

    language: str
    regions: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, holder: Subscriber | SignUp) -> Self:
        return cls(language=holder.language, regions=holder.regions, topics=holder.topics)

    def as_choices(self) -> dict[str, Any]:
        """Return them in the form of `ConsentRecord.choices`."""
        return {"language": self.language, "regions": self.regions, "topics": self.topics}


class ConsentRecordQuerySet(models.QuerySet["ConsentRecord"]):
    """Queries for the ledger of consent."""

    def of_address(self, email: str) -> Self:
        """Select the records of a normalised address, oldest first."""
        return self.filter(address_key__in=address_keys(email)).order_by("happened_at", "pk")


class ConsentRecord(KeyedHashes):
    """An event in a person's consent. Append-only: a trigger of the database refuses changes and deletions.

    It contains the address only as a keyed hash, so it stays when the person is erased, as proof of the consent and of
    its end.
    """

    address_key = models.CharField(_("address hash"), max_length=64)
    event = models.CharField(_("event"), max_length=20, choices=ConsentEvent)
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    wording_version = models.CharField(_("version of the wording"), max_length=20, blank=True)
    wording = models.TextField(
        _("wording"),
        blank=True,
        help_text=_("As shown to the person, in the language of the page."),
    )
    choices = models.JSONField(
        _("choices"), default=dict, blank=True, help_text=_("Language, regions and topics.")
    )
    page = models.CharField(
        _("page"),
        max_length=200,
        blank=True,
        help_text=_("The route name, or the path of a page in the tree."),
    )
    client_key = models.CharField(_("client address hash"), max_length=64, blank=True)

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
            # A token opens a person's page, and these rows are never deleted.
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


class SuppressedAddressQuerySet(models.QuerySet["SuppressedAddress"]):
    """Queries for suppressed addresses."""

    def of_address(self, email: str) -> Self:
        """Select the rows of a normalised address, at most one for each key in the settings."""
        return self.filter(address_key__in=address_keys(email))


class SuppressedAddress(KeyedHashes):
    """An address that gets no mailings and that no import may add. Only a newly confirmed sign-up lifts it."""

    address_key = models.CharField(_("address hash"), max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=20, choices=SuppressionReason)
    suppressed_at = models.DateTimeField(_("when"), default=timezone.now)
    asked_at = models.DateTimeField(
        _("last confirmation request after a new sign-up"), null=True, blank=True, editable=False
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
