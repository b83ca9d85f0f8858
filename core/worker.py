"""A worker that goes on after its database was away. procrastinate's own ends with the first query that fails."""

import asyncio
import contextlib
import logging
import signal
import time
from typing import Any

import psycopg
from django.conf import settings
from procrastinate import App
from procrastinate.exceptions import ConnectorException

from .database.breaker import plain_parameters

logger = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds between two attempts to reach a database that is gone


async def work(app: App, **options: Any) -> None:
    """Run a worker until it is told to stop (SIGTERM, SIGINT), or without `wait` until no job is left.

    `options` are those of `App.run_worker_async`. Raises ConnectorException where the database stays away longer than
    `WORKER_PATIENCE` seconds: the process then ends with an exit code that is not 0.
    """
    loop = asyncio.get_running_loop()
    working = asyncio.create_task(_keep_working(app, options))
    is_told_to_stop = asyncio.Event()

    def stop() -> None:
        if not is_told_to_stop.is_set():
            is_told_to_stop.set()
            working.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await working
    except asyncio.CancelledError:
        if not is_told_to_stop.is_set():
            raise
    except ConnectorException:
        # Told to stop while the database is away: the worker could not sign off.
        if not is_told_to_stop.is_set():
            raise


async def _keep_working(app: App, options: dict[str, Any]) -> None:
    while True:
        # A worker whose heartbeat failed ends like one that was told to stop.
        with contextlib.suppress(ConnectorException):
            await app.run_worker_async(**{**options, "install_signal_handlers": False})
            if options.get("wait") is False:
                return
        logger.warning("worker.database_lost")
        seconds = await wait_for_database()
        # A new pool, since the attempts of the old one to reconnect grow further and further apart. And then a new
        # worker: what the lost one was doing is found stalled, and done again.
        await app.connector.close_async()
        await app.connector.open_async()
        logger.warning("worker.database_found", extra={"seconds": round(seconds, 1)})


async def wait_for_database() -> float:
    """Seconds until the database answered. Raises ConnectorException after `WORKER_PATIENCE`."""
    began = time.monotonic()
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**plain_parameters()) as connection:
                await connection.execute("SELECT 1")
        except psycopg.Error as error:
            if time.monotonic() - began > settings.WORKER_PATIENCE:
                raise ConnectorException from error
        else:
            return time.monotonic() - began
        await asyncio.sleep(INTERVAL)
