"""Supporters, the issues that are written for them, and what was sent to whom."""

from .mailings import Delivery, MailEvent, Mailing, MailingContent, SendingClock
from .pages import IssueIndexPage, IssuePage
from .people import Segment, SubscriberImport
from .subscribers import ConsentRecord, Subscriber, SuppressedAddress

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
    "Subscriber",
    "SubscriberImport",
    "SuppressedAddress",
]
