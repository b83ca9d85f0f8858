"""How workers take jobs: none of mail while mail is held, and those of killed workers soon."""

import logging

from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

from .mail_hold.queues import HoldingJobManager

logger = logging.getLogger(__name__)

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
