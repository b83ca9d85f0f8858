"""How processes use the database: how many connections they hold, and how long they wait."""

import math
from typing import Any

import environ

from core.database.breaker import answered_within

env = environ.Env()

BACKEND = "core.database"
# Seconds until the system takes a machine that answers nothing for gone: 5 + 3 x 2.
KEEPALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
SILENCE = 11_000  # milliseconds
MARGIN = 5.0  # seconds for the server to say that it gave up a statement


def configure(database: dict[str, Any], *, pool_size: int) -> None:
    """Complete an entry of `DATABASES`: backend with circuit breaker, timeouts, and a pool unless its size is 0.

    Visitors wait for web processes, which therefore give up soon. Workers and commands have the time that they need.
    """
    pool: dict[str, Any] = {"min_size": 1, "max_size": pool_size}
    if env.str("DATABASE_TIMEOUTS", "jobs") == "web":
        connect = env.float("DATABASE_CONNECT_TIMEOUT", 0.8)
        statement = env.float("DATABASE_STATEMENT_TIMEOUT", 15.0)
        lock = env.float("DATABASE_LOCK_TIMEOUT", 3.0)
        # A server that is suspended does not keep to its own timeouts. 0 is no limit.
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
        "connect_timeout": max(2, math.ceil(connect)),  # libpq takes less for two.
        "options": f"{limits} {given}".strip(),
    }
    database["ENGINE"] = BACKEND
    if pool_size:
        database["CONN_HEALTH_CHECKS"] = True
        options["pool"] = pool | {"timeout": connect}


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1_000)
