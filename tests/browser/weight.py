"""Measures the weight of a page on the wire, as counted by Chromium."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

# Bytes on the wire, including headers and fonts but not photographs.
FRONT_PAGE = 120_000
OTHER_PAGE = 90_000
STYLES = 25_000
SCRIPTS = 10_000
# Ten packets: the most that a server may send before the first acknowledgement. RFC 6928.
FIRST_FLIGHT = 14_600


@contextmanager
def weighed(page: Page) -> Iterator[Counter[str]]:
    """Count the bytes that the page loads within the context, by type of file."""
    kinds: dict[str, str] = {}
    weight: Counter[str] = Counter()

    def note(event: dict[str, Any]) -> None:
        is_photograph = "/media/" in event["response"]["url"]
        kinds[event["requestId"]] = "Photograph" if is_photograph else event["type"]

    def add(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        if kind == "Document":
            weight[kind] = (
                0  # If a form and its response are loaded, only the response counts, with all files that both need.
            )
        weight[kind] += event["encodedDataLength"]

    devtools = page.context.new_cdp_session(page)
    devtools.on("Network.responseReceived", note)
    devtools.on("Network.loadingFinished", add)
    devtools.send("Network.enable")
    yield weight
    page.wait_for_load_state("networkidle")
    devtools.detach()


def too_heavy(weight: Counter[str], *, is_front_page: bool, is_page_type: bool) -> list[str]:
    """Return a line for each limit that the weight exceeds."""
    del weight["Photograph"]
    limits = {
        "no document": weight["Document"] > 0,
        "styles": weight["Stylesheet"] <= STYLES,
        "scripts": weight["Script"] <= SCRIPTS,
        "all": weight.total() <= (FRONT_PAGE if is_front_page else OTHER_PAGE),
    }
    if is_page_type:
        # The first screen needs a single request and response.
        limits |= {
            "a request for styles": weight["Stylesheet"] == 0,
            "more than the first flight": weight["Document"] <= FIRST_FLIGHT,
            "no font": weight["Font"] > 0,
        }
    return [f"{name}: {dict(weight)}" for name, is_kept in limits.items() if not is_kept]
