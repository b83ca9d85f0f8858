"""What follows when the mail server says that mailboxes do not exist.

Their addresses are suppressed, as after a bounce that a provider reports. But a misconfigured relay says the same of
every address, so this waits until the mailing has been sent to more recipients than were refused.
"""

from dataclasses import dataclass

from django.db import connection

from core.jobs import defer_once

# Named, not imported: the task stands above, in `feedback`.
SUPPRESS_REFUSED = "newsletter.suppress_refused"
# So many may be refused before anything is sent: the oldest addresses of a list come first.
FEW = 20
# A mailing of which so many were refused, and fewer sent, waits for a person.
MANY = 200

COUNT = """
    SELECT count(*) FILTER (WHERE state = 'failed' AND bounced_at IS NOT NULL), count(*) FILTER (WHERE state = 'sent')
    FROM newsletter_delivery WHERE mailing_id = %s AND state IN ('failed', 'sent')
"""


@dataclass(frozen=True)
class Refusals:
    """How many addresses of a mailing were refused as unknown, and how many mails of it were sent."""

    refused: int
    sent: int

    @classmethod
    def of(cls, mailing_id: int) -> "Refusals":
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [mailing_id])
            return cls(*cursor.fetchone())

    @property
    def are_believed(self) -> bool:
        """Whether the addresses are wrong, and not the server."""
        return self.refused <= max(FEW, self.sent)

    @property
    def need_a_person(self) -> bool:
        return self.refused >= MANY and not self.are_believed


def follow_up(mailing_id: int) -> None:
    """Queue the suppression of a mailing's refused addresses. Idempotent."""
    defer_once(SUPPRESS_REFUSED, key=f"{SUPPRESS_REFUSED}.{mailing_id}", mailing_id=mailing_id)
