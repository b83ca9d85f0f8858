"""Reports the database queries of each page in the `Server-Timing` header and in the terminal."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


class QueryCountMiddleware:
    """Comes first, so that it also counts the queries of the other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        queries = _Queries()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        milliseconds = queries.seconds * 1000
        response["Server-Timing"] = f'db;desc="{queries.count} queries";dur={milliseconds:.1f}'
        logger.info("%s: %d queries, %.1f ms", request.path, queries.count, milliseconds)
        return response


class _Queries:
    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.count += 1
            self.seconds += time.perf_counter() - start
