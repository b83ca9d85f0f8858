"""A mail to one person, sent by a job: what the mail server says of it decides whether it is tried again."""

import logging

from django.core.cache import cache
from django.core.mail import EmailMessage

from core.jobs import MailNotSentError
from core.keyed_hashes import keyed_hash

from .messages import site_host
from .outcomes import AddressRefused, Outcome, PermanentFailure, Sent, Unknown
from .transports import make_transport

logger = logging.getLogger(__name__)

KEEP_UNCERTAIN = 7 * 24 * 3600  # seconds: longer than a job is tried


def send_single(mail: EmailMessage, *, job_id: int | None) -> Sent | AddressRefused | None:
    """Send the mail of a job. Returns whether it was accepted or there is no such mailbox; None where it is given up.

    The Message-ID is the job's, so a mail that comes twice is shown once. Where the server was lost before it answered,
    the mail goes out once more at most: raises MailNotSentError for the job to be tried again, as it does for whatever
    fails for now.
    """
    if job_id is not None:
        mail.extra_headers["Message-ID"] = message_id_of(job_id)
    outcome = _send(mail)
    match outcome:
        case Sent() | AddressRefused():
            return outcome
        case PermanentFailure(error):
            logger.warning("newsletter.mail_given_up", extra={"error": error, "job": job_id or 0})
            return None
        case Unknown(error) if not _is_first_time(job_id):
            logger.warning("newsletter.mail_uncertain", extra={"error": error, "job": job_id or 0})
            return None
    raise MailNotSentError(outcome.error)


def message_id_of(job_id: int) -> str:
    """The same at each try of a job. Tells nobody how many there were."""
    return f"<{keyed_hash(f'job {job_id}', purpose='message-id')[:32]}@{site_host()}>"


def _send(mail: EmailMessage) -> Outcome:
    transport = make_transport()
    try:
        return transport.send_message(mail)
    finally:
        transport.close()


def _is_first_time(job_id: int | None) -> bool:
    """Whether it was known until now what became of the job's mail."""
    return job_id is not None and cache.add(
        f"newsletter:uncertain:{job_id}", True, timeout=KEEP_UNCERTAIN
    )
