"""Jobs of contact forms: mail to the secretariat, and the daily deletion."""

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from core.jobs import failures_without_addresses

from . import services

logger = logging.getLogger(__name__)


@app.task(
    name=services.MAIL_MESSAGE,
    queue="mail",
    retry=RetryStrategy(
        max_attempts=8, exponential_wait=5
    ),  # The last attempt is about a day later.
)
def mail_message(*, message_id: int) -> None:
    """Mail a message of the contact form to the secretariat."""
    with failures_without_addresses():
        services.mail_message(message_id=message_id)


@app.periodic(cron="27 3 * * *")
@app.task(
    name="contact.delete_old_messages",
    queue="maintenance",
    queueing_lock="contact.delete_old_messages",
)
def delete_old_messages(timestamp: int) -> None:
    """Delete messages that are older than staff set on their contact page."""
    logger.info("contact.deleted", extra={"count": services.delete_old_messages()})
