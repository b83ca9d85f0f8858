"""The number of database connections of a process, and their timeouts."""

import math
from typing import Any

import environ

from core.database.breaker import answered_within

env = environ.Env()

BACKEND = "core.database"
# The system gives up on a silent machine after 5 + 3 × 2 = 11 seconds.
KEEPALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
SILENCE = 11_000  # milliseconds, the same for data that was sent and not confirmed
MARGIN = 5.0  # seconds in which the server can report that it cancelled a statement


def configure(database: dict[str, Any], *, pool_size: int) -> None:
    """Complete an entry of `DATABASES`: backend with circuit breaker, timeouts, and a pool unless its size is 0.

    Timeouts are short in web processes, for which visitors wait, and long in workers and commands.
    """
    pool: dict[str, Any] = {"min_size": 1, "max_size": pool_size}
    if env.str("DATABASE_TIMEOUTS", "jobs") == "web":
        connect = env.float("DATABASE_CONNECT_TIMEOUT", 0.8)
        statement = env.float("DATABASE_STATEMENT_TIMEOUT", 15.0)
        lock = env.float("DATABASE_LOCK_TIMEOUT", 3.0)
        # A suspended server does not apply its own timeouts. 0 means no limit.
        pool["connection_class"] = answered_within(statement + MARGIN if statement else math.inf)
    else:
        connect = env.float("DATABASE_JOBS_CONNECT_TIMEOUT", 10.0)
        statement = env.float("DATABASE_JOBS_STATEMENT_TIMEOUT", 600.0)
        lock = env.float("DATABASE_JOBS_LOCK_TIMEOUT", 60.0)
    options = database.setdefault("OPTIONS", {})
    given = options.get("options", "")
    limits = (
        f"-c statement_timeout={_milliseconds(statement)} -c lock_timeout={_milliseconds(lock)}"
    )
    options |= {
        **KEEPALIVE,
        "tcp_user_timeout": SILENCE,
        "connect_timeout": max(2, math.ceil(connect)),  # libpq raises smaller values to 2.
        "options": f"{limits} {given}".strip(),
    }
    database["ENGINE"] = BACKEND
    if pool_size:
        database["CONN_HEALTH_CHECKS"] = True
        options["pool"] = pool | {"timeout": connect}


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1_000)
