"""Checks whether the links of an issue answer.

A worker requests them, and the shared cache keeps the answers for an hour; only the status is read. Staff choose the
addresses, and a page of the site may name any: `public_web` connects to public ones alone.
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
# What servers answer to programs and not to people.
OF_PROGRAMS = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.TOO_MANY_REQUESTS,
}


@dataclass(frozen=True)
class LinkAnswer:
    """What an address answered: a status, or 0 and what went wrong."""

    url: str
    status: int
    error: str = ""

    @property
    def is_well(self) -> bool:
        """Whether a reader gets there. Who turns programs away may let readers in."""
        return 200 <= self.status < 400 or self.status in OF_PROGRAMS

    def __str__(self) -> str:
        return f"{self.url}: {self.error or self.status}"


def known_answers(urls: Iterable[str]) -> dict[str, LinkAnswer]:
    """Return the answers of the last hour, by address."""
    keys = {_key(url): url for url in urls}
    return {
        keys[key]: LinkAnswer(keys[key], *kept) for key, kept in cache.get_many(list(keys)).items()
    }


def ask(urls: Iterable[str]) -> list[LinkAnswer]:
    """Request all of them, some at once, and keep their answers.

    Those that take longer than `ALL_SECONDS` have no answer, and are requested the next time.
    """
    pool = ThreadPoolExecutor(AT_ONCE)
    asked = [pool.submit(_ask, url) for url in urls]
    done, _late = wait(asked, timeout=ALL_SECONDS)
    # Do not wait for a name server that stays silent.
    pool.shutdown(wait=False, cancel_futures=True)
    answers = [future.result() for future in asked if future in done]
    for answer in answers:
        cache.set(_key(answer.url), (answer.status, answer.error), KEPT_SECONDS)
    return answers


def _ask(url: str) -> LinkAnswer:
    try:
        return LinkAnswer(url, public_web.status_of(url, seconds=LINK_SECONDS))
    except public_web.FAILURES as error:
        return LinkAnswer(url, 0, type(error).__name__)


def _key(url: str) -> str:
    return f"newsletter:link:{sha256(url.encode()).hexdigest()}"
