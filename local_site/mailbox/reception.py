"""What happens to a mail that the site sends: it becomes a file."""

import os
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Reception:
    """Keeps each mail as `<time of arrival>.eml`, readable by any mail program."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        # Recipients of blind copies are in the envelope alone.
        recipients = ", ".join(envelope.rcpt_tos)
        unfinished = self.directory / f".{os.getpid()}.new"
        unfinished.write_bytes(f"X-Envelope-To: {recipients}\r\n".encode() + content)
        unfinished.rename(self.directory / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}.eml")
        return "250 Kept"
