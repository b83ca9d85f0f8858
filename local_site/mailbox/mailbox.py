"""The two servers of the mailbox, each in a thread of this process, and the folder between them."""

import asyncio
import threading
from pathlib import Path
from typing import Self

from aiosmtpd.smtp import SMTP

from .reception import Reception
from .web import MailServer

LOOPBACK = "127.0.0.1"
LARGEST_MAIL = 25 * 1024 * 1024  # bytes


class Mailbox:
    """A context: inside it, mail sent to `smtp_port` is kept under `directory` and shown at `address`."""

    def __init__(self, directory: Path, *, port: int) -> None:
        self._reception = Reception(directory)
        self._web = MailServer((LOOPBACK, port), directory)
        self.address = f"http://{LOOPBACK}:{self._web.server_port}/"
        self._loop = asyncio.new_event_loop()
        for serve in (self._loop.run_forever, self._web.serve_forever):
            threading.Thread(target=serve, daemon=True).start()
        smtp = asyncio.run_coroutine_threadsafe(
            # The system chooses the port; only the site needs to know it.
            self._loop.create_server(self._answer, LOOPBACK, 0),
            self._loop,
        ).result()
        self.smtp_port: int = smtp.sockets[0].getsockname()[1]

    def _answer(self) -> SMTP:
        # Without a name it would ask the network for this machine's at every connection.
        return SMTP(
            self._reception, loop=self._loop, hostname="localhost", data_size_limit=LARGEST_MAIL
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.shutdown()
        self._web.server_close()
        self._loop.call_soon_threadsafe(self._loop.stop)
