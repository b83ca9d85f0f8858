"""Opens 200 slow connections for a minute through the proxy of the deployment. The site must respond within a second.

Slow headers, slow bodies, slow readers and silent clients run at the same time. Meanwhile a visitor requests cached
pages, rendered pages, and the sign-up form. For comparison, the same attack is measured on gunicorn without the proxy,
with a visitor who waits at most ten seconds.
"""

import http.client
import time
from collections.abc import Iterator
from itertools import cycle

from .finding import Finding, percentile
from .proxy import proxy
from .running_site import prepared_environment, running_site
from .slow_clients import SlowClients

CLIENTS = 200
SECONDS = 60.0
BOUND = 1.0  # seconds
PATHS = ("/", "/where-we-work/africa/", "/newsletter/", "/where-we-work/africa/?uncached")
PAUSE = 0.2  # seconds between two visits, so that the proxy's limit for one client is not reached


def run() -> list[Finding]:
    with (
        prepared_environment(TRUSTED_PROXIES="1") as (environment, folder),
        running_site(environment, folder) as site,
    ):
        host = f"127.0.0.1:{site.port}"
        with SlowClients(site.port, count=CLIENTS):
            direct = list(visits(site.port, host=host, seconds=15.0, patience=10.0))
        with proxy(site.port, folder / "proxy.log") as port:
            list(
                visits(port, host=host, seconds=5.0)
            )  # The first requests take longer in any case.
            calm = list(visits(port, host=host, seconds=10.0))
            with SlowClients(port, count=CLIENTS):
                attacked = list(visits(port, host=host, seconds=SECONDS))
            after = list(visits(port, host=host, seconds=5.0))
    times = [seconds for seconds, _ in attacked]
    return [
        Finding.at_most("seconds of a visit without attack, 99 of 100", _p99(calm), BOUND, " s"),
        Finding.at_most("seconds of a visit under attack, 99 of 100", _p99(attacked), BOUND, " s"),
        Finding.at_most("  the slowest", max(times), BOUND, " s"),
        Finding.equal("  answers other than 200", _failures(attacked), 0),
        Finding.equal("answers other than 200 after the attack", _failures(after), 0),
        Finding(
            f"without the proxy: failed visits of {len(direct)}",
            str(_failures(direct)),
            "more than none, or the attack is too weak",
            _failures(direct) > 0,
        ),
    ]


def visits(
    port: int, *, host: str, seconds: float, patience: float = 10.0
) -> Iterator[tuple[float, int]]:
    """Return the seconds and the status of each visit to `host`, 0 without a response within `patience` seconds."""
    until = time.monotonic() + seconds
    for path in cycle(PATHS):
        began = time.monotonic()
        if began > until:
            return
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        try:
            client.request("GET", path, headers={"Host": host})
            answer = client.getresponse()
            answer.read()
            status = answer.status
        except OSError:
            status = 0
        finally:
            client.close()
        yield time.monotonic() - began, status
        time.sleep(PAUSE)


def _p99(visited: list[tuple[float, int]]) -> float:
    return percentile([seconds for seconds, _ in visited], 99)


def _failures(visited: list[tuple[float, int]]) -> int:
    return sum(status != 200 for _, status in visited)
