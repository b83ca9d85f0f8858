"""Relays connections to the tests' database and can cut them, as if the server were gone."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any, Self
from urllib.parse import quote

from django.db import connection


class DatabaseRelay:
    """Listens on a port of this machine and relays to the database, until it is cut."""

    def __init__(self) -> None:
        database = connection.settings_dict
        self._name = database["NAME"]
        self._account = f"{quote(database['USER'])}:{quote(database['PASSWORD'] or '')}"
        self._host, self._port = database["HOST"], int(database["PORT"] or 5432)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *exception: object) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """Return the address of the database in the format of `DATABASE_URL`."""
        return f"postgres://{self._account}@127.0.0.1:{self.port}/{self._name}"

    def cut(self) -> None:
        """End every connection and refuse new ones."""
        self._do(self._cut())

    def restore(self) -> None:
        self._do(self._listen())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._host.startswith("/"):
            path = f"{self._host}/.s.PGSQL.{self._port}"
            database = await asyncio.open_unix_connection(path)
        else:
            database = await asyncio.open_connection(self._host or "127.0.0.1", self._port)
        writers = {writer, database[1]}
        self._writers |= writers
        try:
            await asyncio.gather(_copy(reader, database[1]), _copy(database[0], writer))
        finally:
            self._writers -= writers
            for one in writers:
                one.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()
