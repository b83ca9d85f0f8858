"""The content of the logs about requests and failures, and data that must not be in it."""

import json
import logging
import logging.config
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.handlers.exception import response_for_exception
from django.http import UnreadablePostError
from django.test import Client, RequestFactory

from coalition_site.settings.logs import LOGGING
from core.logs import JsonFormatter, RefusalsAreNoFaults
from core.logs import logger as request_logger
from home.models import HomePage

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
def test_no_line_contains_client_or_input(
    path: str, client: Client, site_tree: HomePage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get(
            path,
            headers={"referer": f"https://example.org/{ADDRESS}", "user-agent": ADDRESS},
            REMOTE_ADDR="203.0.113.9",
        )
    formatter = JsonFormatter()
    # Production drops records below INFO, and those of django.request below ERROR.
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


def test_messages_of_other_libraries_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    logger.warning("Sent to %s", ADDRESS, extra={"job": {"to": ADDRESS}, "to": ADDRESS})
    line = _line_of(caplog)
    assert line["event"] == "Sent to %s"
    assert "job" not in line
    assert line["to"] == "[address]"
    logger.warning(f"Sent to <{ADDRESS}>")  # noqa: G004 - what others do
    assert _line_of(caplog)["event"] == "Sent to <[address]>"
    logger.warning("Invalid request from ip=203.0.113.9: nonsense")
    assert _line_of(caplog)["event"] == "Invalid request from [address] nonsense"


def test_a_failure_is_logged_with_its_place_and_without_personal_data(
    caplog: pytest.LogCaptureFixture,
) -> None:
    try:
        int(ADDRESS)
    except ValueError:
        logger.exception("import.failed")
    line = _line_of(caplog)
    assert line["exception"] == "builtins.ValueError"
    assert any("test_a_failure_is_logged" in frame for frame in line["trace"])
    assert ADDRESS not in json.dumps(line)


def _written(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Return the lines that production would log, regardless of thresholds."""
    refusals = RefusalsAreNoFaults()
    return [
        json.loads(JsonFormatter().format(record))
        for record in caplog.records
        if refusals.filter(record)
    ]


@pytest.mark.django_db
def test_strangers_write_no_errors(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    too_many = urlencode([(f"maria{number}", "1") for number in range(10_001)])
    kind = "application/x-www-form-urlencoded"
    with caplog.at_level(logging.INFO):
        client.get(f"/media/images/%2e%2e%2f{ADDRESS}")
        client.post("/newsletter/", too_many, content_type=kind)
        client.post("/newsletter/", b"x", content_type="multipart/form-data; boundary=" + "m" * 500)
        client.get("/", headers={"host": "maria:99999999"})
        client.cookies["sessionid"] = "../maria"
        client.get("/admin/")
        response_for_exception(RequestFactory().get("/"), SuspiciousFileOperation(ADDRESS))
        response_for_exception(RequestFactory().get("/"), UnreadablePostError(ADDRESS))
    lines = _written(caplog)
    assert {line["reason"] for line in lines if line["event"] == "request.refused"} >= {
        "SuspiciousFileOperation",
        "TooManyFieldsSent",
        "UnreadablePostError",
    }
    assert not [line for line in lines if line["level"] in {"error", "critical"}]
    assert "maria" not in json.dumps([line for line in lines if line["logger"] != "django.db"])


def test_production_writes_down_refusals_like_that() -> None:
    assert LOGGING["handlers"]["stdout"]["filters"] == ["refusals"]  # type: ignore[index]
    logger = logging.getLogger("test")
    handler = logging.config.DictConfigurator(LOGGING).configure_filter(
        LOGGING["filters"]["refusals"]  # type: ignore[index]
    )
    assert isinstance(handler, RefusalsAreNoFaults)
    fault = logger.makeRecord("django.request", logging.ERROR, "", 1, "Fault: %s", ("/",), None)
    assert handler.filter(fault)
    assert (fault.levelno, fault.msg) == (logging.ERROR, "Fault: %s")
