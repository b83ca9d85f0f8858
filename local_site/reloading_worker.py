"""The worker for developers: restarts when the code changes, like the development server."""

import django
from django.core.management import call_command
from django.utils.autoreload import run_with_reloader


def work() -> None:
    django.setup()
    call_command("procrastinate", "worker", "--concurrency=4")


if __name__ == "__main__":
    run_with_reloader(work)
