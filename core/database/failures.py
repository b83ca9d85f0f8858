"""How a public form meets a database or shared cache that fails: the one list of errors, and what the log says."""

import logging

from django import db
from procrastinate.exceptions import ProcrastinateException
from redis.exceptions import RedisError

from .breaker import DatabaseUnavailableError

# The database or the shared cache does not answer.
FAILURES = (db.Error, ProcrastinateException, RedisError)


def log_failure(logger: logging.Logger, event: str, failure: Exception) -> None:
    """Log that a form could not be stored, without the words of the error: the database quotes the row it refuses.

    During an outage this is a warning. The circuit breaker has logged the error, however many forms are sent meanwhile.
    """
    is_outage = isinstance(failure, DatabaseUnavailableError)
    level = logging.WARNING if is_outage else logging.ERROR
    logger.log(level, event, extra={"error": type(failure).__name__})
