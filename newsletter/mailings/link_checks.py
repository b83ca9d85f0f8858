"""Checks whether the links of an issue respond.

A worker requests them and reads only the status. The shared cache keeps the answers for an hour. Staff may enter any
URL, so `public_web` connects to public addresses only.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus

from django.core.cache import cache

from . import public_web

KEPT_SECONDS = 60 * 60
AT_ONCE = 8
LINK_SECONDS = 12.0  # for one link, redirects included
ALL_SECONDS = 120.0  # for the links of an issue
# Statuses that servers return to programs, while people in a browser may be let in.
REFUSES_PROGRAMS = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.TOO_MANY_REQUESTS,
}


@dataclass(frozen=True)
class LinkAnswer:
    """The answer of a URL: its status, or 0 and the name of the error."""

    url: str
    status: int
    error: str = ""

    @property
    def works(self) -> bool:
        """Return whether a reader is likely to reach the page."""
        return 200 <= self.status < 400 or self.status in REFUSES_PROGRAMS

    def __str__(self) -> str:
        return f"{self.url}: {self.error or self.status}"


def known_answers(urls: Iterable[str]) -> dict[str, LinkAnswer]:
    """Return the answers of the last hour, by URL."""
    keys = {_key(url): url for url in urls}
    return {
        keys[key]: LinkAnswer(keys[key], *kept) for key, kept in cache.get_many(list(keys)).items()
    }


def check(urls: Iterable[str]) -> list[LinkAnswer]:
    """Request all URLs, several at once, and cache their answers.

    URLs without an answer after `ALL_SECONDS` are left out, to be requested the next time.
    """
    pool = ThreadPoolExecutor(AT_ONCE)
    futures = [pool.submit(_check, url) for url in urls]
    done, _late = wait(futures, timeout=ALL_SECONDS)
    # Do not wait for a name server that does not answer.
    pool.shutdown(wait=False, cancel_futures=True)
    answers = [future.result() for future in futures if future in done]
    for answer in answers:
        cache.set(_key(answer.url), (answer.status, answer.error), KEPT_SECONDS)
    return answers


def _check(url: str) -> LinkAnswer:
    try:
        return LinkAnswer(url, public_web.status_of(url, seconds=LINK_SECONDS))
    except public_web.FAILURES as error:
        return LinkAnswer(url, 0, type(error).__name__)


def _key(url: str) -> str:
    return f"newsletter:link:{sha256(url.encode()).hexdigest()}"
