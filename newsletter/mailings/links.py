"""Whether the links of an issue answer.

Asked over the network by a worker and kept for an hour in the cache that all share; only the answer's status is
read. Staff choose the addresses, and a page of the site may name any: this machine's own network is not asked.
"""

import ipaddress
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from django.core.cache import cache

KEPT_SECONDS = 60 * 60
AT_ONCE = 8
TIMEOUT = (4, 8)  # seconds to connect, and to answer
MOST_REDIRECTS = 5
USER_AGENT = f"Mozilla/5.0 (compatible; link check of {settings.SITE_URL})"
# What servers tell programs and not people.
OF_PROGRAMS = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.TOO_MANY_REQUESTS,
}


class LinkNotAllowedError(Exception):
    """The address is of no public host, or of no web page."""


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
    """What was asked in the last hour, by address."""
    keys = {_key(url): url for url in urls}
    return {
        keys[key]: LinkAnswer(keys[key], *kept) for key, kept in cache.get_many(list(keys)).items()
    }


def ask(urls: Iterable[str]) -> list[LinkAnswer]:
    """Ask all of them, some at once, and keep what they answer."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(_ask, urls))
    for answer in answers:
        cache.set(_key(answer.url), (answer.status, answer.error), KEPT_SECONDS)
    return answers


def _ask(url: str) -> LinkAnswer:
    try:
        return LinkAnswer(url, _status(url))
    except (LinkNotAllowedError, requests.RequestException, OSError, ValueError) as error:
        return LinkAnswer(url, 0, type(error).__name__)


def _status(url: str) -> int:
    """The status at the end of the redirects. Each host on the way is looked at before it is asked."""
    for _hop in range(MOST_REDIRECTS + 1):
        _refuse_inner_hosts(url)
        with requests.get(
            url,
            headers={"User-Agent": USER_AGENT},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            if not response.is_redirect:
                return response.status_code
            url = urljoin(url, response.headers["Location"])
    raise requests.TooManyRedirects


def _refuse_inner_hosts(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise LinkNotAllowedError
    own = urlsplit(settings.SITE_URL)
    if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
        return
    port = parts.port or (443 if parts.scheme == "https" else 80)
    for *_kind, address in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM):
        if not ipaddress.ip_address(address[0]).is_global:
            raise LinkNotAllowedError


def _key(url: str) -> str:
    return f"newsletter:link:{sha256(url.encode()).hexdigest()}"
