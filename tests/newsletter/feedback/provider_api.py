"""A fake API of a mail provider: records requests, and gives prepared answers."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Answer:
    status: int = 200
    body: Any = None
    hang_up: bool = False  # Close the connection after the request, without an answer.
    silent_for: float = 0


@dataclass
class ProviderApi:
    """Gives `answers` in turn, then repeats the last one."""

    address: str = ""
    answers: list[Answer] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    connections: int = 0

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def running() -> Iterator[ProviderApi]:
    api = ProviderApi()
    wait = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            api.connections += 1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            api.requests.append({"path": self.path, **_read(self.headers["Content-Type"], body)})
            answer = api.next_answer()
            if answer.silent_for:
                wait.wait(answer.silent_for)
            if answer.hang_up:
                # A reset instead of an orderly end, as when a server dies.
                self.connection.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                self.close_connection = True
                self.connection.close()
                return
            content = json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def finish(self) -> None:
            if self.connection.fileno() != -1:
                super().finish()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        api.address = f"http://127.0.0.1:{server.server_address[1]}/"
        try:
            yield api
        finally:
            wait.set()
            server.shutdown()
            thread.join()


def _read(content_type: str, body: bytes) -> dict[str, Any]:
    """Return the fields of a request, whatever its encoding."""
    if content_type.startswith("application/json"):
        return {"fields": json.loads(body)}
    return {"fields": parse_qs(body.decode(), keep_blank_values=True)}
