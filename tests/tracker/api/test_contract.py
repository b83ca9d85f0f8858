"""The API conforms to its OpenAPI."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from schemathesis.checks import positive_data_acceptance

from record.models import Country

ADDRESS = "/api/v1/openapi.json"


@pytest.fixture
def contract(client: Client, db: None) -> Any:
    return client.get(ADDRESS).json()


def test_it_is_valid_openapi(contract: Any) -> None:
    validate(contract)
    assert contract["openapi"].startswith("3.1")


def test_every_operation_is_named_and_described(contract: Any) -> None:
    operations = [operation for path in contract["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert sorted(names) == ["get_country", "get_overview", "list_changes", "list_countries"]
    for operation in operations:
        assert operation["summary"]
        assert operation["description"]
        assert {"200", "304", "400", "default"} <= set(operation["responses"])
        for parameter in operation["parameters"]:
            assert parameter["description"], parameter["name"]


def test_the_vocabulary_is_described(contract: Any) -> None:
    schemas = contract["components"]["schemas"]
    assert "`withdrawn`: Withdrawn" in schemas["Status"]["description"]
    assert set(schemas["Region"]["enum"]) >= {"africa", "europe"}


@pytest.fixture
def connection(record: dict[str, Country]) -> Iterator[None]:
    """Keep the connection open between requests, because it holds the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


# Read once and without a database, since the contract does not depend on the record.
promised = schemathesis.openapi.from_wsgi(ADDRESS, get_wsgi_application())


@pytest.mark.property
@promised.parametrize()
@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_response_conforms_to_the_contract(case: Any, connection: None) -> None:
    case.call_and_validate(
        headers={"Accept-Encoding": "identity"},  # Schemathesis does not decompress responses.
        # OpenAPI cannot express the first day of the record, nor which cursors are valid.
        excluded_checks=[positive_data_acceptance],
    )
