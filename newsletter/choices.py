"""Vocabulary of the newsletter."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SubscriberState(TextChoices):
    """The state of a subscriber. Only confirmed ones receive mailings."""

    PENDING = "pending", _("Pending")
    CONFIRMED = "confirmed", _("Confirmed")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    SUPPRESSED = "suppressed", _("Suppressed")


class ConsentEvent(TextChoices):
    """Events in the ledger of consent."""

    SIGN_UP = "sign_up", _("Sign-up")
    CONFIRMATION = "confirmation", _("Confirmation")
    PREFERENCE_CHANGE = "preference_change", _("Change of preferences")
    UNSUBSCRIPTION = "unsubscription", _("Unsubscription")
    SUPPRESSION = "suppression", _("Suppression")
    EXPIRY = "expiry", _("Sign-up not confirmed in time")
    ERASURE = "erasure", _("Erasure")
    IMPORT = "import", _("Import from a list")
    RECONFIRMATION = "reconfirmation", _("Reconfirmed")
    CORRECTION = "correction", _("Corrected by the secretariat")
    FORGETTING = "forgetting", _("Address deleted long after the subscription ended")


class SuppressionReason(TextChoices):
    """Reasons for suppressing an address."""

    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    ERASED = "erased", _("Requested erasure")
    BOUNCED = "bounced", _("Mail bounced")
    COMPLAINED = "complained", _("Complained about unwanted mail")
    NOT_RECONFIRMED = "not_reconfirmed", _("Did not reconfirm")


class ListKind(TextChoices):
    """Kinds of imported lists."""

    PEOPLE = "people", _("People who agreed to receive the newsletter")
    LEFT = "left", _("People who unsubscribed elsewhere and must not receive mail")
    BOUNCED = (
        "bounced",
        _("Addresses that bounced elsewhere and must not receive mail"),
    )


class MailingKind(TextChoices):
    """Kinds of mailings."""

    ISSUE = "issue", _("Issue")
    RECONFIRMATION = "reconfirmation", _("Reconfirmation")


class MailingState(TextChoices):
    """The state of a mailing; `newsletter.states` has the transitions. Workers only send mailings in `SENDING`."""

    SCHEDULED = "scheduled", _("Scheduled")
    SENDING = "sending", _("Sending")
    PAUSED = "paused", _("Paused")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")


class PauseReason(TextChoices):
    """Reasons for pausing a mailing."""

    STAFF = "staff", _("Paused by staff")
    ERRORS = "errors", _("Many errors in a row")
    MISSED = "missed", _("The scheduled time passed more than an hour ago")
    INTERRUPTED = "interrupted", _("Nothing was sent for more than an hour")
    CHECKS = "checks", _("A check before sending failed")
    RESTORED = "restored", _("The site was restored from a backup during sending")


class DeliveryState(TextChoices):
    """The state of one delivery; `newsletter.states` has the transitions.

    `HANDED_OVER` is written before a worker hands the message to the mail server. If the worker dies before it records
    the outcome, the delivery is `UNCERTAIN`, and only staff send it again.
    """

    WAITING = "waiting", _("Waiting")
    HANDED_OVER = "handed_over", _("Handed over")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")
    SKIPPED = "skipped", _("Unsubscribed before sending")
    CANCELLED = "cancelled", _("Cancelled")


class MailEventKind(TextChoices):
    """Events that mail providers report about a message."""

    DELIVERED = "delivered", _("Delivered")
    HARD_BOUNCE = "hard_bounce", _("Hard bounce")
    SOFT_BOUNCE = "soft_bounce", _("Soft bounce")
    COMPLAINT = "complaint", _("Complaint")
    UNSUBSCRIPTION = "unsubscription", _("Unsubscription")
