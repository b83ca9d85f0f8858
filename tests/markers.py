"""Marks tests, groups those that share a process, and reports those that take too long."""

import time
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"
MARKERS = ("browser", "chaos", "property")
MOST_SECONDS = 5.0  # seconds of processor time, for a test without a marker
SECONDS = "seconds of the processor"


class ByModule(LoadScopeScheduling):
    """Runs all tests of a module in one process, so that what they share is prepared once.

    All tests in a browser share one process, with one browser, one server and one database. The groups of
    `--dist loadgroup` have no effect with pytest 9.2: it no longer reads the ids that xdist 3.8 writes.
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return ByModule(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, object, object]:
    """Mark the tests, and order them after pytest-django has: it puts those last that commit, which take longest."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker and marker.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid}: ask for the fixture transactional_db instead.")
        if item.nodeid.startswith(BROWSER):
            item.add_marker("browser")
        if isinstance(item, pytest.Function) and hypothesis.is_hypothesis_test(item.obj):
            item.add_marker("property")
    result = yield
    turns = _turns(items)
    items.sort(key=lambda item: turns[item.path])
    return result


def _turns(items: list[pytest.Item]) -> dict[Path, tuple[bool, float]]:
    """Return the place of each module: browsers first, which take longest, then those that wait spread evenly.

    So beside a module that waits for servers to end and come back, there is one that uses the processor.
    """
    waiting = {item.path for item in items if item.get_closest_marker("chaos")}
    modules = dict.fromkeys(item.path for item in items)
    turns: dict[Path, tuple[bool, float]] = {}
    for group in (waiting, modules.keys() - waiting):
        ordered = [path for path in modules if path in group]
        turns |= {path: (True, place / len(ordered)) for place, path in enumerate(ordered)}
    first = {item.path: (False, 0.0) for item in items if item.nodeid.startswith(BROWSER)}
    return turns | first


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
