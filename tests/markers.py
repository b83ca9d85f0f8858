"""Marks tests, groups those that share a process, and reports those that take too long."""

import time
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

FOLDER = Path(__file__).parent
BROWSER = FOLDER / "browser"
MARKERS = ("browser", "chaos", "property")
MOST_SECONDS = 5.0  # seconds of processor time, for a test without a marker
SECONDS = "seconds of the processor"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid}: ask for the fixture transactional_db instead.")
        if BROWSER in item.path.parents:
            item.add_marker("browser")
            # All share one browser, one server and one database.
            item.add_marker(pytest.mark.xdist_group("browser"))
        else:
            # Data that a module prepares for all its tests is prepared once.
            item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(FOLDER))))
        if isinstance(item, pytest.Function) and hypothesis.is_hypothesis_test(item.obj):
            item.add_marker("property")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    began = time.process_time()
    result = yield
    if not any(item.get_closest_marker(marker) for marker in MARKERS):
        item.user_properties.append((SECONDS, time.process_time() - began))
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report tests that must become faster or be marked."""
    for report in terminalreporter.getreports("passed"):
        seconds = dict(report.user_properties).get(SECONDS, 0.0)
        if isinstance(seconds, float) and seconds > MOST_SECONDS:
            terminalreporter.write_line(
                f"SLOW {report.nodeid} took {seconds:.1f} s of the processor:"
                f" make it faster, or mark it as one of {', '.join(MARKERS)}.",
                yellow=True,
            )
