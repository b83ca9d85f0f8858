"""The worker's view of the queue: while mail is held, jobs of mail stay where they are."""

import logging
from collections.abc import Iterable

from procrastinate import App
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

logger = logging.getLogger(__name__)

# The queues whose jobs send mail. A task that sends mail belongs into one of them.
MAIL_QUEUES = frozenset({"mail", "newsletter"})


class HoldingJobManager(JobManager):
    """Procrastinate's manager of jobs, which takes no job of mail while mail is held.

    A job that is not taken is unchanged: it counts no try, keeps its time, and goes when mail is released.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app.connector)
        self._app = app

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job, or None."""
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
