"""`manage.py procrastinate`, with a worker that survives outages of the database."""

import asyncio
from typing import Any

from django.core.management import CommandError
from procrastinate import PsycopgConnector, cli
from procrastinate.contrib.django import app, connector_params
from procrastinate.contrib.django.management.commands import procrastinate
from procrastinate.exceptions import ConnectorException

from core.worker import wait_for_database, work

POOL_TIMEOUT = 5  # seconds that a worker waits for a connection


class Command(procrastinate.Command):
    """procrastinate's own command, with our worker."""

    def handle(self, *args: Any, **options: Any) -> None:
        if options.get("command") != "worker":
            super().handle(*args, **options)
            return
        given = {name: value for name, value in options.items() if name not in self._django_options}
        with app.replace_connector(
            PsycopgConnector(kwargs=connector_params(), timeout=POOL_TIMEOUT)
        ):
            asyncio.run(_run({**given, "app": app, "func": work}))


async def _run(options: dict[str, Any]) -> None:
    """Run the worker. Raises CommandError if the database cannot be reached."""
    try:
        await wait_for_database()
    except ConnectorException as error:
        raise CommandError("The database cannot be reached.") from error
    await cli.execute_command(options)
