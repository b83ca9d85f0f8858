"""Who sends a request, without keeping who it was."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPV6_CUSTOMER_PREFIX = 64  # The smallest block that providers give: one client owns all of it.


def client_address(request: HttpRequest) -> str:
    """The address of the client: of an IPv6 address its /64, and empty where the server knows none.

    Each of the `TRUSTED_PROXIES` in front of the server appends the address that it was called from to
    `X-Forwarded-For`, so the client stands that many places from the end. What stands further left the client
    wrote itself.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        if len(forwarded) >= settings.TRUSTED_PROXIES:
            address = _without_port(forwarded[-settings.TRUSTED_PROXIES].strip())
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), IPV6_CUSTOMER_PREFIX), strict=False))
    return str(parsed)


def _without_port(address: str) -> str:
    """Some proxies write `203.0.113.5:51234`, `[2001:db8::1]:443` or `[2001:db8::1]`."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, _colon, port = address.rpartition(":")
    return host if port.isdecimal() and host and ":" not in host else address
