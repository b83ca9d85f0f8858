"""Workers: which jobs they take, and how they go on after the database was away.

procrastinate's own worker ends with the first query that fails. Ours reconnects, leaves jobs of mail in the queue while
mail is held, and soon retries the jobs of killed workers.
"""

import asyncio
import contextlib
import logging
import signal
import time
from collections.abc import Iterable
from typing import Any

import psycopg
from django.conf import settings
from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from .database.breaker import plain_parameters
from .jobs import MAIL_QUEUES

logger = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds between two attempts to reach a database that is gone


async def work(app: App, **options: Any) -> None:
    """Run a worker until SIGTERM or SIGINT, or with `wait=False` until no job is left.

    `options` are those of `App.run_worker_async`. Raises ConnectorException if the database stays away longer than
    `WORKER_PATIENCE` seconds: the process then ends with an exit code other than 0.
    """
    loop = asyncio.get_running_loop()
    working = asyncio.create_task(_keep_working(app, options))
    stop_requested = asyncio.Event()

    def stop() -> None:
        if not stop_requested.is_set():
            stop_requested.set()
            working.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await working
    except asyncio.CancelledError:
        if not stop_requested.is_set():
            raise
    except ConnectorException:
        # A worker that stops while the database is away cannot sign off there.
        if not stop_requested.is_set():
            raise


async def _keep_working(app: App, options: dict[str, Any]) -> None:
    while True:
        # If a heartbeat fails, the worker ends without an error, like one that was stopped.
        with contextlib.suppress(ConnectorException):
            await app.run_worker_async(**{**options, "install_signal_handlers": False})
            if options.get("wait") is False:
                return
        logger.warning("worker.database_lost")
        seconds = await wait_for_database()
        # A new pool, because the old one reconnects at longer and longer intervals. Then a new worker: the jobs of the
        # lost one are found stalled and done again.
        await app.connector.close_async()
        await app.connector.open_async()
        logger.warning("worker.database_found", extra={"seconds": round(seconds, 1)})


async def wait_for_database() -> float:
    """Wait until the database answers; return the seconds. Raises ConnectorException after `WORKER_PATIENCE`."""
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


# Seconds without a heartbeat after which a worker counts as killed. One is due every five seconds.
STALLED_AFTER = 20.0
MOST_ATTEMPTS = 10  # attempts of a job whose workers are killed, before it is given up


class SiteJobManager(JobManager):
    """Takes no jobs of mail while mail is held, and retries the jobs of killed workers.

    A job that is not taken is unchanged: it counts no attempt, keeps its time, and runs when mail is released. Jobs of
    killed workers are looked for at the start of each worker and at each of its heartbeats, so they go on within half a
    minute. A worker that counts as killed may be alive and its job be done twice: every job must tolerate that.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app.connector)
        self._app = app

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Return the next job, or None."""
        answer = await self.connector.execute_query_one_async(
            "SELECT core_mail_is_held() AS is_held"
        )
        if answer["is_held"]:
            queues = (set(queues) if queues else self._known_queues()) - MAIL_QUEUES
            if not queues:
                return None
        return await super().fetch_job(queues=list(queues) if queues else None, worker_id=worker_id)

    def _known_queues(self) -> set[str]:
        return {task.queue for task in self._app.tasks.values()}

    async def register_worker(self) -> int:
        """Register a worker that starts and return its id."""
        await self._retry_stalled()
        return await super().register_worker()

    async def update_heartbeat(self, worker_id: int) -> None:
        """Record the heartbeat of a worker."""
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
            except UniqueViolation:  # A periodic task whose next run is already queued.
                pass
            else:
                return True
        await self.finish_job(job, Status.FAILED, delete_job=False)
        return False


def use_site_job_manager(app: App) -> None:
    """Make the workers of `app` use `SiteJobManager`. Called by procrastinate when the app is ready."""
    app.job_manager = SiteJobManager(app)
