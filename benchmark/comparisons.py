"""Measures pages and their yardsticks in turn, and prints medians and ratios."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .load import Measurement, measure


@dataclass(frozen=True)
class Comparison:
    """A page, its yardstick, and the ratio of requests per second that it should reach."""

    name: str
    url: str
    yardstick: str
    yardstick_url: str
    target: float


def measure_in_turns(
    comparisons: Sequence[Comparison], *, rounds: int, seconds: int
) -> dict[str, list[Measurement]]:
    """Return measurements by address. Measuring in turn spreads the effects of other processes evenly."""
    urls = dict.fromkeys(url for one in comparisons for url in (one.url, one.yardstick_url))
    measured: dict[str, list[Measurement]] = {url: [] for url in urls}
    for url in urls:
        measure(url, seconds=1)  # Warms up: loads templates and opens pools.
    for number in range(rounds):
        _say(f"Round {number + 1} of {rounds} ...")
        for url in urls:
            measured[url].append(measure(url, seconds=seconds))
    return measured


def print_table(comparisons: Sequence[Comparison], rounds: Mapping[str, list[Measurement]]) -> None:
    _say(f"\n{'':34}{'requests/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'ratio':>8}")
    for one in comparisons:
        page = Measurement.median(rounds[one.url])
        yardstick = Measurement.median(rounds[one.yardstick_url])
        ratio = page.rate / yardstick.rate
        verdict = f"at least {one.target}" + ("" if ratio >= one.target else ": MISSED")
        _say(f"{_row(one.name, page)}{ratio:>8.2f}  {verdict}")
        _say(_row(f"  {one.yardstick}", yardstick))
    _say("")


def _row(name: str, measurement: Measurement) -> str:
    return f"{name:34}{measurement.rate:>11.0f}{measurement.p50:>9.1f}{measurement.p99:>9.1f}"


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201
