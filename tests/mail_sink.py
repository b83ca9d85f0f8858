"""An SMTP server that accepts mail and discards it: `python -m tests.mail_sink '{"port": 0}'`.

It is a separate process, so that tests and benchmarks can kill it and are not slowed down by it. It prints the number
of its port. Before it acknowledges a mail it appends a line to the log: Message-ID, recipient, time.
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

PROJECT = Path(__file__).resolve().parent.parent
END = b"\r\n.\r\n"
MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
GREYLISTED = "451 4.7.1 greylisted"
RECIPIENT = re.compile(rb"RCPT TO:<([^>]*)>", re.IGNORECASE)


@dataclass(frozen=True)
class Options:
    """The behaviour of the server.

    `delay` is in seconds and added to every reply. `close_after` is the number of mails after which a connection is
    closed. `replies` are by command ("MAIL", "RCPT", "DATA", or "END" for the end of the content) or by recipient,
    whose reply to RCPT takes precedence. `vanish` lists recipients whose mail is accepted before the connection is cut
    without a reply; `slam` those at whose DATA it is cut. Connections beyond `most_connections` are refused with 421.

    `greylist_every`, `drop_every` and `vanish_every` affect one event in that many: a recipient is greylisted (refused
    at first), the connection is cut at MAIL, or a mail is accepted without a reply.
    """

    port: int = 0
    delay: float = 0.0
    log: str = ""
    keep: str = ""
    pipelining: bool = True
    close_after: int = 0
    replies: Mapping[str, str] = field(default_factory=dict)
    vanish: list[str] = field(default_factory=list)
    slam: list[str] = field(default_factory=list)
    most_connections: int = 0
    greylist_every: int = 0
    drop_every: int = 0
    vanish_every: int = 0


@dataclass
class Server:
    """State shared by all connections of a server."""

    options: Options
    log: int
    connections: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    greylisted: set[str] = field(default_factory=set)

    def is_turn_of(self, event: str, every: int) -> bool:
        """Return whether this event is one in `every` of its kind; never if `every` is 0."""
        self.counts[event] += 1
        return bool(every) and self.counts[event] % every == 0

    def greylists(self, recipient: str) -> bool:
        """Return whether to refuse the recipient for now: the first attempts of one in `greylist_every` recipients."""
        if recipient in self.greylisted:
            return False
        self.greylisted.add(recipient)
        return self.is_turn_of("recipient", self.options.greylist_every)


class Session(asyncio.Protocol):
    """One connection."""

    transport: asyncio.Transport

    def __init__(self, server: Server) -> None:
        self.server = server
        self.options = server.options
        self.log = server.log
        self.buffer = bytearray()
        self.in_content = False
        self.has_sender = False
        self.recipient = ""
        self.mails = 0
        self.loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.server.connections += 1
        most = self.options.most_connections
        if most and self.server.connections > most:
            self.transport.write(b"421 4.7.0 too many connections\r\n")
            self.transport.close()
        else:
            self.reply(b"220 sink ready\r\n")

    def connection_lost(self, error: Exception | None) -> None:
        self.server.connections -= 1

    def data_received(self, data: bytes) -> None:
        searched = max(0, len(self.buffer) - len(END))
        self.buffer += data
        while not self.transport.is_closing():
            if self.in_content:
                end = self.buffer.find(END, searched)
                if end < 0:
                    return
                content = bytes(self.buffer[:end])
                del self.buffer[: end + len(END)]
                self.in_content = False
                self.take(content)
            else:
                end = self.buffer.find(b"\r\n")
                if end < 0:
                    return
                command = bytes(self.buffer[:end])
                del self.buffer[: end + 2]
                self.obey(command)
            searched = 0

    def obey(self, command: bytes) -> None:
        verb = command[:4].upper().decode()
        match verb:
            case "EHLO":
                self.greet()
            case "MAIL":
                self.take_sender()
            case "RCPT":
                self.take_recipient(command)
            case "DATA":
                self.begin_content()
            case "QUIT":
                self.reply(b"221 2.0.0 bye\r\n")
                self.loop.call_later(self.options.delay, self.transport.close)
            case _:
                self.reply(f"{self.replies(verb, '250 2.0.0 ok')}\r\n".encode())

    def greet(self) -> None:
        extensions = b"250-sink\r\n" + b"250-PIPELINING\r\n" * self.options.pipelining
        reply = self.replies("EHLO", "250 ENHANCEDSTATUSCODES")
        self.reply((extensions if reply.startswith("250") else b"") + f"{reply}\r\n".encode())

    def take_sender(self) -> None:
        if self.server.is_turn_of("mail", self.options.drop_every):
            self.transport.abort()
            return
        reply = self.replies("MAIL", "250 2.1.0 ok")
        self.has_sender = reply.startswith("250")
        self.reply(f"{reply}\r\n".encode())

    def take_recipient(self, command: bytes) -> None:
        if not self.has_sender:
            self.reply(b"503 5.5.1 no sender\r\n")
            return
        match = RECIPIENT.match(command)
        self.recipient = match[1].decode() if match else ""
        reply = self.options.replies.get(self.recipient) or self.replies("RCPT", "250 2.1.5 ok")
        if reply.startswith("250") and self.server.greylists(self.recipient):
            # Some servers close the connection as well.
            reply = "421 4.7.0 later" if self.server.is_turn_of("greylisted", 2) else GREYLISTED
        if not reply.startswith("250"):
            self.recipient = ""
        self.reply(f"{reply}\r\n".encode())
        if reply.startswith("421"):
            self.loop.call_later(self.options.delay, self.transport.close)

    def begin_content(self) -> None:
        if self.recipient in self.options.slam:
            self.transport.abort()
        elif not self.recipient:
            self.reply(b"503 5.5.1 no recipient\r\n")
        else:
            reply = self.replies("DATA", "354 go on")
            self.in_content = reply.startswith("354")
            self.reply(f"{reply}\r\n".encode())

    def take(self, content: bytes) -> None:
        reply = self.replies("END", "250 2.0.0 taken")
        if reply.startswith("250"):
            self.note(content)
        if self.recipient in self.options.vanish or self.server.is_turn_of(
            "content", self.options.vanish_every
        ):
            self.transport.abort()
            return
        self.has_sender, self.recipient = False, ""
        self.reply(f"{reply}\r\n".encode())
        self.mails += 1
        if self.options.close_after and self.mails >= self.options.close_after:
            self.transport.close()

    def note(self, content: bytes) -> None:
        match = MESSAGE_ID.search(content)
        identity = match[1].decode() if match else "-"
        if self.log >= 0:
            os.write(self.log, f"{identity}\t{self.recipient}\t{time.time()}\n".encode())
        if self.options.keep:
            (Path(self.options.keep) / f"{self.recipient}.eml").write_bytes(content + b"\r\n")

    def replies(self, command: str, otherwise: str) -> str:
        return self.options.replies.get(command, otherwise)

    def reply(self, words: bytes) -> None:
        if self.options.delay:
            self.loop.call_later(self.options.delay, self.transport.write, words)
        else:
            self.transport.write(words)


async def serve(options: Options) -> None:
    log = os.open(options.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT) if options.log else -1
    loop = asyncio.get_running_loop()
    shared = Server(options, log)
    server = await loop.create_server(
        lambda: Session(shared), "127.0.0.1", options.port, reuse_address=True
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


@dataclass(frozen=True)
class Receipt:
    """A mail that the server accepted."""

    message_id: str
    recipient: str
    at: float


class MailSink:
    """The server, started in a process of its own."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.process: subprocess.Popen[str] | None = None
        self.port = options.port

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start the server, or restart it on the same port after it was killed."""
        options = asdict(self.options) | {"port": self.port}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.mail_sink", json.dumps(options)],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def received(self) -> list[Receipt]:
        """Return all mails in the log, oldest first."""
        path = Path(self.options.log)
        if not path.exists():
            return []
        lines = (line.split("\t") for line in path.read_text().splitlines())
        return [
            Receipt(message_id, recipient, float(moment)) for message_id, recipient, moment in lines
        ]


if __name__ == "__main__":
    asyncio.run(serve(Options(**json.loads(sys.argv[1]))))
