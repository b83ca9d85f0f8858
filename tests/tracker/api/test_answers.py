"""Every response of the API: open to any site, with an ETag, and with the version of the record."""

import datetime as dt
from typing import Any, cast

import brotli
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.http import parse_http_date
from pytest_django import DjangoAssertNumQueries

from core.page_cache.middleware import PageCacheMiddleware
from record.models import Country, RecordVersion
from tests.core.page_cache.conftest import cache, caches, eventually, home, visitor
from tests.factories import CountryFactory

__all__ = ["cache", "caches", "home", "visitor"]

ADDRESSES = [
    "/api/v1/",
    "/api/v1/countries",
    "/api/v1/countries?limit=2",
    "/api/v1/countries/KEN",
    "/api/v1/changes",
    "/api/v1/openapi.json",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_any_site_may_read_and_nobody_is_known(
    client: Client, record: dict[str, Country], address: str
) -> None:
    response = client.get(address, headers={"origin": "https://news.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert {"ETag", "Link", "Record-Version"} <= set(
        response["Access-Control-Expose-Headers"].split(", ")
    )
    assert "Access-Control-Allow-Credentials" not in response
    assert response["Vary"] == "Accept-Encoding"
    assert not response.cookies


def test_pages_of_the_site_stay_with_the_site(client: Client, db: None) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/")


def test_browsers_may_send_preflight_requests(client: Client, db: None) -> None:
    response = client.options(
        "/api/v1/countries",
        headers={
            "origin": "https://news.example",
            "access-control-request-method": "GET",
            "access-control-request-headers": "if-none-match",
        },
    )
    assert response.status_code == 204
    assert response.content == b""
    assert "GET" in response["Access-Control-Allow-Methods"]
    assert response["Access-Control-Allow-Headers"] == "If-None-Match"
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unchanged_response_is_304(
    client: Client, record: dict[str, Country], address: str
) -> None:
    etag = client.get(address)["ETag"]
    response = client.get(address, headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert response["Access-Control-Allow-Origin"] == "*"
    CountryFactory.create(number=650, iso3="AAA")
    correct_kenya()
    changed = client.get(address, headers={"if-none-match": etag})
    assert changed.status_code == (304 if "openapi" in address else 200)


def correct_kenya() -> None:
    country = Country.objects.get(iso3="KEN")
    country.note = "Changed."
    country.save()


def test_the_etag_differs_between_queries(client: Client, record: dict[str, Country]) -> None:
    tags = {
        client.get(f"/api/v1/countries?{query}")["ETag"]
        for query in ("region=africa", "region=europe", "on=2020-01-01")
    }
    assert len(tags) == 3


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_has_the_headers_of_get(
    client: Client, record: dict[str, Country], address: str
) -> None:
    answer, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == answer.headers


def test_an_uncached_response_is_compressed_too(client: Client, record: dict[str, Country]) -> None:
    address = "/api/v1/countries?limit=500"
    plain = client.get(address)
    packed = client.get(address, headers={"accept-encoding": "br"})
    assert packed["Content-Encoding"] == "br"
    assert brotli.decompress(packed.content) == plain.content


@pytest.mark.parametrize("address", ADDRESSES[:-1])
def test_the_version_is_in_body_and_headers(
    client: Client, record: dict[str, Country], address: str
) -> None:
    response = client.get(address)
    version = RecordVersion.objects.first()
    assert version is not None
    assert response["Record-Version"] == response.json()["record_version"] == version.stamp


def test_last_modified_is_the_change_or_the_midnight_since(
    client: Client, record: dict[str, Country], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = RecordVersion.objects.first()
    assert version is not None
    past = client.get("/api/v1/countries?on=2020-01-01")["Last-Modified"]
    assert parse_http_date(past) == int(version.made_at.timestamp())
    tomorrow = timezone.now().date() + dt.timedelta(days=1)
    for module in ("tracker.api.record_state", "tracker.filters"):
        monkeypatch.setattr(f"{module}.today", lambda: tomorrow)
    response = client.get("/api/v1/countries")
    midnight = dt.datetime.combine(tomorrow, dt.time.min, dt.UTC)
    assert parse_http_date(response["Last-Modified"]) == int(midnight.timestamp())
    assert response.json()["as_of"] == tomorrow.isoformat()


# With the page cache, as in production


def test_plain_addresses_are_kept_until_the_record_changes(
    visitor: Client,
    cache: PageCacheMiddleware,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    country = CountryFactory.create(iso3="KEN", name_en="Kenya")
    address = "/api/v1/countries/KEN"
    assert eventually(lambda: visitor.get(address).status_code == 200)
    assert eventually(lambda: is_kept(cache, address, visitor))
    first = visitor.get(address)
    with django_assert_num_queries(0):
        again = visitor.get(address)
        told = visitor.get(address, headers={"if-none-match": first["ETag"]})
    assert again.headers == first.headers
    assert told.status_code == 304
    assert told["Access-Control-Allow-Origin"] == "*"
    country.note = "Changed."
    country.save()
    assert eventually(lambda: visitor.get(address).json()["country"]["note"] == "Changed.")


def is_kept(cache: PageCacheMiddleware, address: str, visitor: Client) -> bool:
    visitor.get(address)
    return any(address in key for key in cast("Any", cache.store._pages))


def test_the_page_cache_gives_the_tag_that_others_had(visitor: Client, client: Client) -> None:
    CountryFactory.create()
    assert eventually(
        lambda: (
            visitor.get("/api/v1/countries")["ETag"] == visitor.head("/api/v1/countries")["ETag"]
        )
    )


def test_campaign_parameters_are_ignored(visitor: Client) -> None:
    CountryFactory.create()
    response = visitor.get("/api/v1/countries?utm_source=letter")
    assert response.status_code == 200
    assert "utm_source" not in response.text
