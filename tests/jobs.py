"""Background jobs, done as the worker does them."""

from concurrent.futures import ThreadPoolExecutor

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


def run_jobs() -> None:
    """Run jobs until none is left."""

    def work() -> None:
        connector: DjangoConnector = app.connector  # type: ignore[assignment]
        with app.replace_connector(connector.get_worker_connector()) as worker:
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    # Once a browser was started, its loop runs in this thread, and the worker needs one of its own.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()
