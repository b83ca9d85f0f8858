"""What is asked of subscribers, issues and mailings."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Lower
from wagtail.models import PageViewRestriction
from wagtail.query import PageQuerySet

from core.page_cache.memory import recall

from .addresses import address_keys
from .choices import DeliveryState, MailingState, State


def one_of(values: Iterable[str]) -> RawSQL:
    """For `__in` of thousands: one array is much faster to send and to parse than as many parameters."""
    return RawSQL("SELECT unnest(%s::text[])", [list(values)])


class SubscriberQuerySet(models.QuerySet["Subscriber"]):  # type: ignore[name-defined]
    """Subscribers, by address, state and what they chose."""

    def with_address(self, email: str) -> Self:
        """The one with this address; at most one. Served by the unique index."""
        return self.alias(lower_email=Lower("email")).filter(lower_email=email.lower())

    def with_addresses(self, emails: Iterable[str]) -> Self:
        """Those with one of these normalised addresses. Served by the unique index."""
        return self.alias(lower_email=Lower("email")).filter(lower_email__in=one_of(emails))

    def confirmed(self) -> Self:
        """Those who may be written to."""
        return self.filter(state=State.CONFIRMED)

    def pending_since_before(self, moment: datetime) -> Self:
        return self.filter(state=State.PENDING, signed_up_at__lt=moment)

    def ended_before(self, moment: datetime) -> Self:
        """Select those who left, or are not to be written to, since before that moment."""
        ended = [State.UNSUBSCRIBED, State.SUPPRESSED]
        return self.filter(state__in=ended, ended_at__lt=moment)

    def reading(self, language: str) -> Self:
        return self.filter(language=language)

    def interested_in(self, *, regions: Collection[str] = (), topics: Collection[str] = ()) -> Self:
        """Those who chose one of the regions and one of the topics, or left the choice open."""
        chosen = Q()
        # What most people chose, and what is quicker to see, comes first.
        if regions:
            chosen &= Q(regions=[]) | Q(regions__overlap=list(regions))
        if topics:
            chosen &= Q(topics=[]) | Q(topics__overlap=list(topics))
        return self.filter(chosen)


class ConsentRecordQuerySet(models.QuerySet["ConsentRecord"]):  # type: ignore[name-defined]
    """The ledger of consent."""

    def of_address(self, email: str) -> Self:
        """Select what the ledger holds of a normalised address, in the order in which it happened."""
        return self.filter(address_key__in=address_keys(email)).order_by("happened_at", "pk")


class SuppressedAddressQuerySet(models.QuerySet["SuppressedAddress"]):  # type: ignore[name-defined]
    """Addresses that must not be written to."""

    def of_address(self, email: str) -> Self:
        """Select the rows of a normalised address: one at most for each key in the settings."""
        return self.filter(address_key__in=address_keys(email))


class IssuePageQuerySet(PageQuerySet):
    """Issues of the newsletter."""

    def published(self) -> Self:
        """Those that anybody may read."""
        live = self.live()
        # Asked by every page in the same words: see BasePage.get_view_restrictions.
        is_restricted = recall("is anything restricted", PageViewRestriction.objects.exists)
        return live.public() if is_restricted else live

    def for_list(self) -> Self:
        """Published issues, the newest first, with all that a list shows. One query, whatever their number."""
        issues = self.published().defer_streamfields().select_related("alias_of__locale")
        return issues.newest_first()

    def newest_first(self) -> Self:
        return self.order_by("-date", "-pk")

    def before(self, *, day: date, pk: int | None) -> Self:
        """Those that come after this one in a list of which the newest is the first. No key: it is not saved yet."""
        of_the_day = Q(date=day) if pk is None else Q(date=day, pk__lt=pk)
        return self.filter(Q(date__lt=day) | of_the_day)

    def after(self, *, day: date, pk: int) -> Self:
        """Those that come before this one in such a list."""
        return self.filter(Q(date__gt=day) | Q(date=day, pk__gt=pk))

    def in_language(self, code: str) -> Self:
        return self.filter(locale__language_code=code)


class MailingQuerySet(models.QuerySet["Mailing"]):  # type: ignore[name-defined]
    """Mailings, by where they stand."""

    def due(self, moment: datetime) -> Self:
        """Those whose time to start has come."""
        return self.filter(state=MailingState.SCHEDULED, scheduled_at__lte=moment)

    def sending(self) -> Self:
        return self.filter(state=MailingState.SENDING)


class DeliveryQuerySet(models.QuerySet["Delivery"]):  # type: ignore[name-defined]
    """The ledger of what was sent to whom."""

    def waiting(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def unsettled(self) -> Self:
        """Those of which nobody can say yet what becomes of them."""
        return self.filter(state__in=[DeliveryState.WAITING, DeliveryState.HANDED_OVER])

    def uncertain(self) -> Self:
        return self.filter(state=DeliveryState.UNCERTAIN)
