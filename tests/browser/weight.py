"""What a page weighs on the wire, as Chromium counts it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

# Bytes on the wire, headers and fonts included, photographs not.
FRONT_PAGE = 120_000
OTHER_PAGE = 90_000
STYLES = 25_000
SCRIPTS = 10_000
# Ten packets: what a server may send before it first hears back. RFC 6928.
FIRST_FLIGHT = 14_600


@contextmanager
def weighed(page: Page) -> Iterator[Counter[str]]:
    """Count the bytes of what the page loads meanwhile, by kind of file."""
    kinds: dict[str, str] = {}
    weight: Counter[str] = Counter()

    def note(event: dict[str, Any]) -> None:
        is_photograph = "/media/" in event["response"]["url"]
        kinds[event["requestId"]] = "Photograph" if is_photograph else event["type"]

    def add(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        if kind == "Document":
            weight[kind] = (
                0  # Of a form and its answer the answer counts, with all files that both need.
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
    """A line for each limit that the weight breaks."""
    del weight["Photograph"]
    limits = {
        "no document": weight["Document"] > 0,
        "styles": weight["Stylesheet"] <= STYLES,
        "scripts": weight["Script"] <= SCRIPTS,
        "all": weight.total() <= (FRONT_PAGE if is_front_page else OTHER_PAGE),
    }
    if is_page_type:
        # The first screen needs one request and one answer.
        limits |= {
            "a request for styles": weight["Stylesheet"] == 0,
            "more than the first flight": weight["Document"] <= FIRST_FLIGHT,
            "no font": weight["Font"] > 0,
        }
    return [f"{name}: {dict(weight)}" for name, is_kept in limits.items() if not is_kept]
