"""Mistakes of the program or its settings that keep a mail from being handed over."""

import logging
import traceback

from .interface import TemporaryFailure

logger = logging.getLogger(__name__)


def not_made(error: Exception) -> TemporaryFailure:
    """The outcome of a mail that was not even asked to be sent: it waits. Logs the place, never the error's words."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    details = {"error": type(error).__name__, "place": f"{place.filename}:{place.lineno}"}
    logger.error("newsletter.mail_not_made", extra=details)
    return TemporaryFailure(type(error).__name__)
