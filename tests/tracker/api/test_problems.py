"""Errors of the API: always problem details, never a page."""

import base64
import json
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from record.models import Country
from tests.html import parse
from tracker.api.countries import BY_CODE


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "no-store"
    answer: dict[str, Any] = response.json()
    assert answer["status"] == status
    assert answer["title"]
    return answer


def wrong_parameters(client: Client, address: str) -> list[str]:
    answer = problem(client.get(address), 400)
    assert answer["type"].endswith("/api/v1/docs#invalid-parameter")
    assert all(error["detail"] for error in answer["errors"])
    return [error["parameter"] for error in answer["errors"]]


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("regoin=africa", ["regoin"]),
        ("region=afrika", ["region"]),
        ("region=africa&region=europe", ["region"]),
        ("status=", ["status"]),
        ("on=yesterday", ["on"]),
        ("on=1998-07-16", ["on"]),
        ("on=9999-01-01", ["on"]),
        ("on=2026-02-30", ["on"]),
        ("focus=yes", ["focus"]),
        ("complementarity=2", ["complementarity"]),
        ("limit=0", ["limit"]),
        ("limit=501", ["limit"]),
        ("limit=many", ["limit"]),
        ("limit=2&limit=3", ["limit"]),
        ("q=%00", ["q"]),
        ("q=" + "a" * 101, ["q"]),
        ("cursor=" + "a" * 65, ["cursor"]),
        ("sort=name", ["sort"]),
        ("region=mars&foo=1&on=x", ["foo", "on", "region"]),
    ],
)
def test_every_parameter_that_is_wrong_is_named(
    client: Client, record: dict[str, Country], query: str, parameters: list[str]
) -> None:
    address = f"/api/v1/countries?{query}"
    assert sorted(set(wrong_parameters(client, address))) == parameters


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("since=86400", "since"),
        ("since=2026-02-30", "since"),
        ("since=٢٠٢٦-٠١-٠١", "since"),
        ("country=ken", "country"),
        ("country=%00%00%00", "country"),
        ("entry=law", "entry"),
    ],
)
def test_the_trail_names_them_too(
    client: Client, record: dict[str, Country], query: str, parameter: str
) -> None:
    assert wrong_parameters(client, f"/api/v1/changes?{query}") == [parameter]


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "hostile",
    [
        "x",
        "é",
        "%00",
        cursor("countries:ken"),
        cursor("countries:'; DROP TABLE"),
        cursor("changes:1"),
        cursor("countries:KEN\n"),
        cursor("countries"),
        "====",
    ],
)
def test_a_made_up_cursor_is_refused(
    client: Client, record: dict[str, Country], hostile: str
) -> None:
    assert wrong_parameters(client, f"/api/v1/countries?cursor={hostile}") == ["cursor"]


@pytest.mark.parametrize("hostile", ["0", "-1", "9" * 19, "9" * 40, "KEN", ""])
def test_a_made_up_place_in_the_trail_is_refused(
    client: Client, record: dict[str, Country], hostile: str
) -> None:
    address = f"/api/v1/changes?cursor={cursor('changes:' + hostile)}"
    assert wrong_parameters(client, address) == ["cursor"]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40))
def test_any_cursor_gets_an_answer(client: Client, db: None, text: str) -> None:
    query = {"cursor": text.encode("utf-8", "replace")}
    assert client.get("/api/v1/countries", query).status_code in {200, 400}


def test_a_cursor_leads_back_to_its_place() -> None:
    assert BY_CODE.position(BY_CODE.cursor_after("KEN")) == "KEN"


@pytest.mark.parametrize(
    "path", ["ZZZ", "ken", "KENYA", "%00%00%00", "KEN/", "KEN/laws", "..", "é"]
)
def test_a_country_that_is_not_there(client: Client, record: dict[str, Country], path: str) -> None:
    answer = problem(client.get(f"/api/v1/countries/{path}"), 404)
    assert answer["type"].endswith("#not-found")


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/v1/nothing", "/api/v1/countries/", "/api/v2/countries", "/api/v1/%ff%fe"],
)
def test_a_missing_address_is_no_page(client: Client, db: None, path: str) -> None:
    problem(client.get(path), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["/api/v1/countries", "/api/v1/nothing", "/api/v1/docs"])
def test_nothing_can_be_written(client: Client, db: None, method: str, path: str) -> None:
    response = getattr(client, method)(path)
    answer = problem(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert answer["type"].endswith("#method-not-allowed")


def test_a_failure_is_reported_and_logged(
    client: Client,
    db: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("the words of the database")

    monkeypatch.setattr("tracker.api.countries.current_record", fail)
    client.raise_request_exception = False
    response = client.get("/api/v1/countries")
    problem(response, 500)
    assert "words of the database" not in response.text
    assert [entry for entry in caplog.records if entry.levelname == "ERROR" and entry.exc_info]


def test_a_failure_before_any_view_is_reported_too(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(
        "django.contrib.sessions.middleware.SessionMiddleware.process_request", fail
    )
    client.raise_request_exception = False
    problem(client.get("/api/v1/countries"), 500)


def test_a_host_that_is_not_ours(client: Client, db: None) -> None:
    answer = problem(client.get("/api/v1/countries", headers={"host": "evil.example"}), 400)
    assert answer["type"] == "about:blank"


def test_a_name_is_quoted_at_no_length(client: Client, db: None) -> None:
    response = client.get("/api/v1/countries", {"a" * 3_000: "1"})
    problem(response, 400)
    assert len(response.content) < 1_000


def test_pages_keep_their_errors(client: Client, db: None) -> None:
    response = client.get("/nothing/")
    assert response["Content-Type"].startswith("text/html")
    assert parse(response.text).find("h1")


def test_problems_quote_text_correctly(client: Client, db: None) -> None:
    answer = json.loads(client.get("/api/v1/countries?region=%C3%A9").content)
    assert "é" in answer["errors"][0]["detail"]
