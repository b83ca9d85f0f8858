"""Health checks of the process, in front of all other middleware.

Probes use the address of the machine and no TLS, so this runs before `ALLOWED_HOSTS` and the redirect to TLS apply.
"""

import logging
import secrets
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponseBase, JsonResponse

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """`/healthz`: the process runs. `/readyz`: it can serve requests, or 503 with reasons that hold no secrets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._is_migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/healthz":
            return _answer({})
        if request.path_info == "/readyz":
            return _answer(self._problems())
        return self.get_response(request)

    def _problems(self) -> dict[str, str]:
        problems = {}
        for name, check in (
            ("database", _check_database),
            ("cache", _check_cache),
            ("migrations", self._check_migrations),
        ):
            try:
                problem = check()
            except Exception as error:  # noqa: BLE001 - with any error, this process cannot serve.
                logger.warning(
                    "readyz.failed", extra={"check": name, "error": type(error).__name__}
                )
                problem = "no answer"
            if problem:
                problems[name] = problem
            if name == "database" and problem:
                break  # The other checks would only wait for it.
        return problems

    def _check_migrations(self) -> str:
        """Return a problem if migrations are missing. Success is remembered: the check takes a tenth of a second."""
        if not self._is_migrated:
            executor = MigrationExecutor(connection)
            missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
            if missing:
                return f"{missing} not applied"
            self._is_migrated = True
        return ""


def _check_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _check_cache() -> str:
    # A key of its own, because concurrent requests would read each other's token.
    token = secrets.token_hex(8)
    key = f"readyz-{token}"
    cache.set(key, token, timeout=60)
    kept = cache.get(key)
    cache.delete(key)
    return "" if kept == token else "does not store values"


def _answer(problems: dict[str, str]) -> JsonResponse:
    return JsonResponse(
        {"status": "unavailable", "problems": problems} if problems else {"status": "ok"},
        status=503 if problems else 200,
        headers={"Cache-Control": "no-store"},
    )
