"""The local mailbox: takes every mail that the site sends, delivers none, and shows them in the browser."""

from .mailbox import Mailbox

__all__ = ["Mailbox"]
