"""What is written down about requests and failures, and what never is."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from coalition_site.core.json_logs import JsonFormatter
from coalition_site.core.request_log import logger as request_logger
from coalition_site.home.models import HomePage

logger = logging.getLogger(__name__)

ADDRESS = "maria.perez@example.org"


def _requests(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    formatter = JsonFormatter()
    return [
        json.loads(formatter.format(record))
        for record in caplog.records
        if record.name == request_logger.name
    ]


def test_a_request_leaves_one_line(
    client: Client, site_tree: HomePage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, request_logger.name):
        client.get("/where-we-work/")
    (line,) = _requests(caplog)
    assert line["event"] == "request"
    assert (line["method"], line["address"], line["status"]) == ("GET", "/where-we-work/", 200)
    assert line["milliseconds"] > 0


@pytest.mark.parametrize(
    "path",
    [
        f"/?email={ADDRESS}",
        f"/{ADDRESS}/",
        f"/search/?q={ADDRESS}",
        f"/admin/login/?next=/{ADDRESS}",
        f"/newsletter/confirm/{ADDRESS}/",
    ],
)
def test_no_line_tells_who_asked_or_what_was_typed(
    path: str, client: Client, site_tree: HomePage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get(
            path,
            headers={"referer": f"https://example.org/{ADDRESS}", "user-agent": ADDRESS},
            REMOTE_ADDR="203.0.113.9",
        )
    formatter = JsonFormatter()
    # The settings of production keep the rest below INFO, and django.request below ERROR, out.
    lines = [formatter.format(record) for record in caplog.records if record.name != "django.db"]
    assert lines
    for line in lines:
        assert ADDRESS not in line
        assert "maria" not in line
        assert "203.0.113.9" not in line


def _line_of(caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(JsonFormatter().format(caplog.records[-1]))
    return line


def test_an_event_keeps_its_name_and_its_ids(caplog: pytest.LogCaptureFixture) -> None:
    logger.warning("issue.sent", extra={"issue": 3, "count": 2_500, "done": True})
    line = _line_of(caplog)
    assert line["event"] == "issue.sent"
    assert (line["issue"], line["count"], line["done"]) == (3, 2_500, True)
    assert line["time"].endswith("+00:00")


def test_what_other_code_puts_into_its_messages_stays_out(caplog: pytest.LogCaptureFixture) -> None:
    logger.warning("Sent to %s", ADDRESS, extra={"job": {"to": ADDRESS}, "to": ADDRESS})
    line = _line_of(caplog)
    assert line["event"] == "Sent to %s"
    assert "job" not in line
    assert line["to"] == "[address]"
    logger.warning(f"Sent to <{ADDRESS}>")  # noqa: G004 - what others do
    assert _line_of(caplog)["event"] == "Sent to <[address]>"
    logger.warning("Invalid request from ip=203.0.113.9: nonsense")
    assert _line_of(caplog)["event"] == "Invalid request from [address] nonsense"


def test_a_failure_tells_where_and_not_whose(caplog: pytest.LogCaptureFixture) -> None:
    try:
        int(ADDRESS)
    except ValueError:
        logger.exception("import.failed")
    line = _line_of(caplog)
    assert line["exception"] == "builtins.ValueError"
    assert any("test_a_failure_tells_where" in frame for frame in line["trace"])
    assert ADDRESS not in json.dumps(line)
