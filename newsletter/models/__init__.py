"""Supporters, the issues that are written for them, and what was sent to whom."""

from .archive import IssueIndexPage
from .issues import IssuePage
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
