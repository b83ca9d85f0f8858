"""The local mailbox: receives every mail that the site sends, delivers none, and shows them in the browser.

An SMTP server writes each mail into a folder, and a web server on loopback shows it as its author meant it, without
trusting it. Each runs in a thread of this process.
"""

import asyncio
import os
import re
import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
LARGEST_MAIL = 25 * 1024 * 1024  # bytes


class Mailbox:
    """A context manager: mail sent to `smtp_port` is kept in `directory` and shown at `address`."""

    def __init__(self, directory: Path, *, port: int) -> None:
        self._reception = Reception(directory)
        self._web = MailServer((LOOPBACK, port), directory)
        self.address = f"http://{LOOPBACK}:{self._web.server_port}/"
        self._loop = asyncio.new_event_loop()
        for serve in (self._loop.run_forever, self._web.serve_forever):
            threading.Thread(target=serve, daemon=True).start()
        smtp = asyncio.run_coroutine_threadsafe(
            # The system chooses the port, which only the site needs.
            self._loop.create_server(self._answer, LOOPBACK, 0),
            self._loop,
        ).result()
        self.smtp_port: int = smtp.sockets[0].getsockname()[1]

    def _answer(self) -> SMTP:
        # Without a host name, aiosmtpd would look one up at every connection.
        return SMTP(
            self._reception, loop=self._loop, hostname="localhost", data_size_limit=LARGEST_MAIL
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.shutdown()
        self._web.server_close()
        self._loop.call_soon_threadsafe(self._loop.stop)


class Reception:
    """Writes each mail to `<time of arrival>.eml`, which any mail program can read."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        # Recipients of blind copies are only in the envelope.
        recipients = ", ".join(envelope.rcpt_tos)
        unfinished = self.directory / f".{os.getpid()}.new"
        unfinished.write_bytes(f"X-Envelope-To: {recipients}\r\n".encode() + content)
        unfinished.rename(self.directory / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}.eml")
        return "250 Kept"


NAME = re.compile(r"[0-9T.]+\.eml")
SHOWN_HEADERS = ("From", "To", "X-Envelope-To", "Reply-To", "Subject", "Date")
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-inline-size:60rem;margin:2rem auto;padding-inline:1rem;color:#10203a}"
    "table{inline-size:100%;border-collapse:collapse}th{white-space:nowrap}"
    "th,td{text-align:start;vertical-align:top;padding:.4rem .8rem .4rem 0;border-block-end:1px solid #d9d3c4;"
    "overflow-wrap:anywhere}"
    "pre{unicode-bidi:plaintext;white-space:pre-wrap;overflow-wrap:anywhere;background:#f1ede3;padding:1rem}"
    "iframe{inline-size:100%;block-size:36rem;border:1px solid #d9d3c4}"
)
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
# A mail's own HTML: no scripts, nothing from elsewhere, an origin of its own. Its links open in a new tab.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
)


class MailServer(ThreadingHTTPServer):
    """Serves the mails of one folder, newest first."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], directory: Path) -> None:
        super().__init__(address, MailPages)
        self.directory = directory

    def names(self) -> list[str]:
        return sorted((path.name for path in self.directory.glob("*.eml")), reverse=True)

    def read(self, name: str) -> EmailMessage | None:
        """Return the mail with a file name, or None if there is none."""
        if not NAME.fullmatch(name):
            return None
        try:
            content = (self.directory / name).read_bytes()
        except FileNotFoundError:
            return None
        return message_from_bytes(content, policy=policy.default)


class MailPages(BaseHTTPRequestHandler):
    """`/` lists the mails, `/<name>` shows one, `/<name>/html` its HTML part, `/<name>/source` its source."""

    server: MailServer

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").rpartition(":")[0]
        if host not in (
            "127.0.0.1",
            "localhost",
        ):  # Some other host name that resolves to this machine.
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        name, _, part = self.path.lstrip("/").partition("/")
        if not name:
            self._answer(_list_page(self.server))
            return
        mail = self.server.read(name)
        if mail is None:
            self.send_error(HTTPStatus.NOT_FOUND)
        elif part == "html":
            self._answer(_body(mail, "html"), security_policy=MAIL_POLICY)
        elif part == "source":
            self._answer(mail.as_bytes().decode("utf-8", "replace"), kind="text/plain")
        else:
            self._answer(_mail_page(name, mail))

    def _answer(
        self, text: str, *, kind: str = "text/html", security_policy: str = PAGE_POLICY
    ) -> None:
        content = text.encode("utf-8", "replace")
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", security_policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Log nothing: the terminal is for the site."""


def _list_page(server: MailServer) -> str:
    rows = [_list_row(name, mail) for name in server.names() if (mail := server.read(name))]
    if not rows:
        return _page("Mail", "<p>The site has sent no mail yet. Reload this page once it has.</p>")
    return _page("Mail", f"<table><tr><th>Sent<th>To<th>Subject</tr>{''.join(rows)}</table>")


def _list_row(name: str, mail: EmailMessage) -> str:
    subject = escape(_header(mail, "Subject") or "(no subject)")
    sent = escape(_header(mail, "Date"))
    recipients = escape(_header(mail, "X-Envelope-To"))
    return f'<tr><td>{sent}<td>{recipients}<td dir="auto"><a href="/{name}">{subject}</a></tr>'


def _mail_page(name: str, mail: EmailMessage) -> str:
    headers = "".join(
        f'<tr><th>{header}<td dir="auto">{escape(value)}</tr>'
        for header in SHOWN_HEADERS
        if (value := _header(mail, header))
    )
    html = (
        f'<h2>HTML</h2><iframe src="/{name}/html" title="HTML"></iframe>'
        if _body(mail, "html")
        else ""
    )
    return _page(
        _header(mail, "Subject") or "(no subject)",
        f'<p><a href="/">All mail</a> · <a href="/{name}/source">Source, with every header</a></p>'
        f"<table>{headers}</table>{html}"
        f'<h2>Plain text</h2><pre dir="auto">{escape(_body(mail, "plain"))}</pre>',
    )


def _page(title: str, content: str) -> str:
    title = escape(title)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
        f'<h1 dir="auto">{title}</h1>{content}</html>'
    )


def _header(mail: EmailMessage, name: str) -> str:
    return str(mail.get(name, ""))


def _body(mail: EmailMessage, kind: str) -> str:
    """Return the text of the mail of a subtype, `plain` or `html`; empty if it has none."""
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""
