"""Clients that hold a connection as long as possible: slow headers, slow bodies, slow reading, silence."""

import asyncio
import contextlib
import itertools
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Self

KINDS = ("headers", "body", "read", "idle")
Behaviour = Callable[[socket.socket], Awaitable[None]]  # until the connection ends
PATIENCE = 30.0  # seconds in which all must be connected


class SlowClients:
    """Keeps `count` connections to a port of this machine open while the context lasts, and replaces those that end.

    Each sends or receives a few bytes every `interval` seconds. The kinds alternate. `path` is the page that slow
    readers request. Each connection has its own source address, as in a real attack.
    """

    def __init__(
        self,
        port: int,
        *,
        count: int,
        kinds: tuple[str, ...] = KINDS,
        interval: float = 3.0,
        path: str = "/",
    ) -> None:
        self._port = port
        self._count = count
        self._kinds = kinds
        self._interval = interval
        self._path = path
        self._connected: set[int] = set()
        self._all_connected = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="slow clients", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._all_connected.wait(PATIENCE):
            raise TimeoutError(f"{len(self._connected)} of {self._count} clients could connect")
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        clients = [
            self._loop.create_task(self._stay(number, kind))
            for number, kind in zip(range(self._count), itertools.cycle(self._kinds))
        ]
        self._loop.run_forever()
        for client in clients:
            client.cancel()
        self._loop.run_until_complete(asyncio.gather(*clients, return_exceptions=True))
        self._loop.close()

    async def _stay(self, number: int, kind: str) -> None:
        behaviours: dict[str, Behaviour] = {
            "headers": self._send_headers,
            "body": self._send_body,
            "read": self._read,
            "idle": self._wait,
        }
        while True:
            # A full server, or one that ends the connection, is tried again.
            with contextlib.suppress(OSError):
                await self._connect(number, behaviours[kind])
            await asyncio.sleep(0.1)

    async def _connect(self, number: int, behave: Behaviour) -> None:
        connection = socket.socket()
        try:
            connection.setblocking(False)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
            connection.bind((f"127.0.{1 + number // 250}.{1 + number % 250}", 0))
            await self._loop.sock_connect(connection, ("127.0.0.1", self._port))
            self._connected.add(number)
            if len(self._connected) == self._count:
                self._all_connected.set()
            await behave(connection)
        finally:
            connection.close()

    async def _send_headers(self, connection: socket.socket) -> None:
        await self._send(connection, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        for number in itertools.count():
            await asyncio.sleep(self._interval)
            await self._send(connection, f"X-{number}: y\r\n".encode())

    async def _send_body(self, connection: socket.socket) -> None:
        await self._send(
            connection,
            b"POST /newsletter/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\n",
        )
        while True:
            await self._send(connection, b"x")
            await asyncio.sleep(self._interval)

    async def _read(self, connection: socket.socket) -> None:
        """Request many pages on one connection, and read one byte of the responses at intervals."""
        request = f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        await self._send(connection, request * 50)
        while await self._loop.sock_recv(connection, 1):
            await asyncio.sleep(self._interval)

    async def _wait(self, connection: socket.socket) -> None:
        await self._loop.sock_recv(connection, 1)

    async def _send(self, connection: socket.socket, data: bytes) -> None:
        await self._loop.sock_sendall(connection, data)
