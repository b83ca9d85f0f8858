"""Asks addresses of the public web, and nothing else, whoever wrote them down.

An address is read by one parser, its host is resolved once, and the connection goes to one of the numbers that were
looked at. So nobody leads a request into this machine's own network: neither by an address that two programs read
differently, nor by a name that changes its number in between, nor by a redirect.
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
# Browsers and libraries disagree about where the host ends once one of these stands in an address.
AMBIGUOUS = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029]")
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
# IPv4 inside of IPv6, or on its way there, which Python takes for public: 6to4 and its relays. Of Teredo, NAT64,
# mapped, compatible and site-local addresses, none is in 2000::/3 or none counts as global.
TUNNELS = (
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("2001::/23"),
    ipaddress.ip_network("3fff::/20"),
    ipaddress.ip_network("192.88.99.0/24"),
)
_OF_PATHS = "/%:@!$&'()*+,;=~-._?"


class NotPublicError(Exception):
    """The address is of no public host, of no web page, or can be read in two ways."""


class TooManyRedirectsError(Exception):
    """Each page led to another."""


class TooSlowError(Exception):
    """The time was over before there was an answer."""


FAILURES = (
    NotPublicError,
    TooManyRedirectsError,
    TooSlowError,
    http.client.HTTPException,
    OSError,
    ValueError,  # An address that a redirect leads to, or a name, that cannot be written down.
)


def status_of(url: str, *, seconds: float) -> int:
    """Return the status at the end of the redirects. Each address on the way is held to the same rules.

    Raises one of `FAILURES`; `TooSlowError` after `seconds` in all.
    """
    deadline = monotonic() + seconds
    for _hop in range(MOST_REDIRECTS + 1):
        status, location = _ask(url, deadline)
        if location is None:
            return status
        url = urljoin(url, location)
    raise TooManyRedirectsError


def _ask(url: str, deadline: float) -> tuple[int, str | None]:
    """The status of one address, and where it leads on to."""
    parts = _parsed(url)
    host, port = _ascii(str(parts.hostname)), parts.port or PORTS[parts.scheme]
    numbers = _resolved(host, port, any_network=_is_own(parts))
    path = quote(parts.path or "/", safe=_OF_PATHS)
    query = f"?{quote(parts.query, safe=_OF_PATHS)}" if parts.query else ""
    connected = _connected(numbers, port, deadline)
    with _cut_at(deadline, connected), closing(_over(connected, parts.scheme, host, port)) as web:
        web.request("GET", path + query, headers={"User-Agent": USER_AGENT, "Accept": "*/*"})
        with web.getresponse() as response:
            location = response.headers["Location"] if response.status in MOVED else None
            if location is None:
                return response.status, None
            # Headers are read as Latin-1; addresses are UTF-8 where they are not ASCII.
            return response.status, location.encode("latin-1").decode("utf-8", "replace")


def _parsed(url: str) -> SplitResult:
    """Refuse what is no address of a public web page by its words alone."""
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
    """Whether the site itself is meant, which may stand in a private network, and on any port."""
    own = urlsplit(settings.SITE_URL)
    return (parts.scheme, parts.netloc) == (own.scheme, own.netloc)


def _over(
    connected: socket.socket, scheme: str, host: str, port: int
) -> http.client.HTTPConnection:
    """What speaks HTTP over a connection that is made already."""
    web: http.client.HTTPConnection
    if scheme == "https":
        context = ssl.create_default_context(cafile=certifi.where())
        web = http.client.HTTPSConnection(host, port, context=context)
    else:
        web = http.client.HTTPConnection(host, port)
    web._create_connection = lambda *_: connected  # type: ignore[attr-defined]
    return web


def _ascii(host: str) -> str:
    """The name as browsers ask for it (UTS 46)."""
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise NotPublicError from None


def _resolved(host: str, port: int, *, any_network: bool) -> list[str]:
    """The numbers of a host. Raises `NotPublicError` where one of them is not of the public internet."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys(str(address[0]) for *_kind, address in found))
    if not any_network and not all(is_public(number) for number in numbers):
        raise NotPublicError
    return numbers


def is_public(number: str) -> bool:
    """Whether an IP address is one of a host on the public internet, and embeds no other."""
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
    """Cut the connection at the deadline: a timeout of a socket begins anew with every byte that drips in."""
    is_cut = threading.Event()
    # A handle of its own: TLS takes the other one over.
    with connected, connected.dup() as handle:

        def cut() -> None:
            is_cut.set()
            with suppress(OSError):  # The other side may have closed it.
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
