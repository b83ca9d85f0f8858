"""Subscribers, issues, mailings, and deliveries."""

from .issues import IssueIndexPage, IssuePage
from .mailings import Delivery, MailEvent, Mailing, MailingContent, SendingClock
from .people import Segment, SubscriberImport
from .subscribers import ConsentRecord, SignUp, Subscriber, SuppressedAddress

__all__ = [
    "ConsentRecord",
    "Delivery",
    "IssueIndexPage",
    "IssuePage",
    "MailEvent",
    "Mailing",
    "MailingContent",
    "Segment",
    "SendingClock",
    "SignUp",
    "Subscriber",
    "SubscriberImport",
    "SuppressedAddress",
]
