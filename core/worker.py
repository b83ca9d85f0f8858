"""Workers: which jobs they take, and how they go on after the database was away.

They take no jobs of mail while mail is held, and those of killed workers soon. procrastinate's own worker ends with the
first query that fails.
"""

import asyncio
import contextlib
import logging
import signal
import time
from typing import Any

import psycopg
from django.conf import settings
from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

from .database.breaker import plain_parameters
from .mail_hold.queues import HoldingJobManager

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


# A worker counts as killed after so many seconds without a heartbeat; it gives one every five.
STALLED_AFTER = 20.0
# A job that kills each worker that takes it is given up.
MOST_ATTEMPTS = 10


class SiteJobManager(HoldingJobManager):
    """Looks for jobs of killed workers at a worker's start and at each of its heartbeats.

    So they go on within half a minute of the kill, where there is a worker. One that was taken for killed may be alive
    all the same, and a job be done twice: each must bear that.
    """

    async def register_worker(self) -> int:
        """Note that a worker has started; give its number."""
        await self._retry_stalled()
        return await super().register_worker()

    async def update_heartbeat(self, worker_id: int) -> None:
        """Note that a worker is alive."""
        await super().update_heartbeat(worker_id)
        await self._retry_stalled()

    async def _retry_stalled(self) -> None:
        for job in await self.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
            try:
                retried = await self._retry(job)
            except ConnectorException:  # Another worker was faster.
                continue
            event = "job.stalled_retried" if retried else "job.stalled_given_up"
            logger.warning(event, extra={"job": job.id, "task": job.task_name})

    async def _retry(self, job: Job) -> bool:
        if job.attempts < MOST_ATTEMPTS:
            try:
                await self.retry_job(job)
            except UniqueViolation:  # Timed work of which the next run is waiting.
                pass
            else:
                return True
        await self.finish_job(job, Status.FAILED, delete_job=False)
        return False


def use_site_job_manager(app: App) -> None:
    """Have the workers of `app` take jobs as this module says."""
    app.job_manager = SiteJobManager(app)
