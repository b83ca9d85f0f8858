"""Requests URLs of the public web only, whoever entered them.

A URL is parsed once, its host is resolved once, and the connection goes to one of the IP addresses that were checked.
So no URL can lead a request into the local network: neither one that two parsers read differently, nor a name that
changes its address between check and connection, nor a redirect.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from time import monotonic
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import certifi
import idna
from django.conf import settings

PORTS = {"http": 80, "https": 443}
MOVED = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 5
CONNECT_SECONDS = 4
USER_AGENT = f"Mozilla/5.0 (compatible; link check of {settings.SITE_URL})"
# Parsers disagree about the end of the host in URLs with these characters.
AMBIGUOUS = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029]")
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
# Networks that embed IPv4 in IPv6 and that Python counts as global: 6to4 and its relays. Teredo, NAT64, mapped,
# compatible and site-local addresses are either outside 2000::/3 or not global.
TUNNELS = (
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("2001::/23"),
    ipaddress.ip_network("3fff::/20"),
    ipaddress.ip_network("192.88.99.0/24"),
)
_SAFE_IN_PATHS = "/%:@!$&'()*+,;=~-._?"


class NotPublicError(Exception):
    """The URL is not that of a public web page, or is ambiguous."""


class TooManyRedirectsError(Exception):
    """The limit of redirects was exceeded."""


class TooSlowError(Exception):
    """There was no answer before the deadline."""


FAILURES = (
    NotPublicError,
    TooManyRedirectsError,
    TooSlowError,
    http.client.HTTPException,
    OSError,
    ValueError,  # The target of a redirect, or a name, that cannot be encoded.
)


def status_of(url: str, *, seconds: float) -> int:
    """Return the status after redirects, each checked by the same rules.

    Raises one of `FAILURES`: `TooSlowError` if that takes longer than `seconds`.
    """
    deadline = monotonic() + seconds
    for _hop in range(MOST_REDIRECTS + 1):
        status, location = _request(url, deadline)
        if location is None:
            return status
        url = urljoin(url, location)
    raise TooManyRedirectsError


def _request(url: str, deadline: float) -> tuple[int, str | None]:
    """Return the status of one URL, and the target of a redirect or None."""
    parts = _parsed(url)
    host, port = _ascii(str(parts.hostname)), parts.port or PORTS[parts.scheme]
    numbers = _resolved(host, port, any_network=_is_own(parts))
    path = quote(parts.path or "/", safe=_SAFE_IN_PATHS)
    query = f"?{quote(parts.query, safe=_SAFE_IN_PATHS)}" if parts.query else ""
    connected = _connected(numbers, port, deadline)
    with (
        _cut_at(deadline, connected),
        closing(_http_client(connected, parts.scheme, host, port)) as web,
    ):
        web.request("GET", path + query, headers={"User-Agent": USER_AGENT, "Accept": "*/*"})
        with web.getresponse() as response:
            location = response.headers["Location"] if response.status in MOVED else None
            if location is None:
                return response.status, None
            # Headers are decoded as Latin-1, while URLs outside ASCII are UTF-8.
            return response.status, location.encode("latin-1").decode("utf-8", "replace")


def _parsed(url: str) -> SplitResult:
    """Parse a URL. Raises `NotPublicError` if it cannot be that of a public web page, before any lookup."""
    if AMBIGUOUS.search(url):
        raise NotPublicError
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotPublicError from None
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        raise NotPublicError
    if not _is_own(parts) and port not in {None, PORTS[parts.scheme]}:
        raise NotPublicError
    return parts


def _is_own(parts: SplitResult) -> bool:
    """Return whether the URL is of this site, which may be in a private network and on any port."""
    own = urlsplit(settings.SITE_URL)
    return (parts.scheme, parts.netloc) == (own.scheme, own.netloc)


def _http_client(
    connected: socket.socket, scheme: str, host: str, port: int
) -> http.client.HTTPConnection:
    """Return an HTTP client for an open connection."""
    web: http.client.HTTPConnection
    if scheme == "https":
        context = ssl.create_default_context(cafile=certifi.where())
        web = http.client.HTTPSConnection(host, port, context=context)
    else:
        web = http.client.HTTPConnection(host, port)
    web._create_connection = lambda *_: connected  # type: ignore[attr-defined]
    return web


def _ascii(host: str) -> str:
    """Encode a host name as browsers do: UTS 46."""
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise NotPublicError from None


def _resolved(host: str, port: int, *, any_network: bool) -> list[str]:
    """Return the IP addresses of a host. Raises `NotPublicError` if one of them is not public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys(str(address[0]) for *_kind, address in found))
    if not any_network and not all(is_public(number) for number in numbers):
        raise NotPublicError
    return numbers


def is_public(number: str) -> bool:
    """Return whether an IP address is on the public internet and embeds no other address."""
    try:
        address = ipaddress.ip_address(number)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if address.version == 6 and address not in PUBLIC_IPV6:
        return False
    return not any(address in network for network in TUNNELS if network.version == address.version)


def _connected(numbers: list[str], port: int, deadline: float) -> socket.socket:
    failure: OSError = OSError("no address")
    for number in numbers:
        left = deadline - monotonic()
        if left <= 0:
            raise TooSlowError
        try:
            connected = socket.create_connection((number, port), min(left, CONNECT_SECONDS))
        except OSError as error:
            failure = error
            continue
        connected.settimeout(left)
        return connected
    raise failure


@contextmanager
def _cut_at(deadline: float, connected: socket.socket) -> Iterator[None]:
    """Shut the connection down at the deadline, since the timeout of a socket starts again with every byte received."""
    is_cut = threading.Event()
    # A duplicate, since TLS detaches the original.
    with connected, connected.dup() as handle:

        def cut() -> None:
            is_cut.set()
            with suppress(OSError):  # It may be closed already.
                handle.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(max(deadline - monotonic(), 0), cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, http.client.HTTPException):
            if is_cut.is_set():
                raise TooSlowError from None
            raise
        finally:
            timer.cancel()
