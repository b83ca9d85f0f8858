"""Responses served from the cache, and responses that are never stored in it."""

import gzip
import secrets
import time
from unittest import mock

import brotli
import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from core.page_cache.cached_page import CachedPage, is_shareable, preferred_encoding
from core.page_cache.memory import PageStore
from core.page_cache.middleware import SECONDS_A_DAY, PageCacheMiddleware
from home.models import HomePage
from tests.factories import CountryFactory


def test_a_kept_page_runs_no_query(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = visitor.get("/")
    with django_assert_num_queries(0):
        second = visitor.get("/")
    assert second.content == first.content
    assert second.headers == first.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=nonsense", "identity"),
        ("identity", "identity"),
        ("GZIP", "gzip"),
        (",;=;,,", "identity"),
    ],
)
def test_the_best_encoding_that_the_client_takes(accepted: str, encoding: str) -> None:
    assert preferred_encoding(accepted) == encoding


def test_every_encoding_carries_the_same_page(visitor: Client) -> None:
    page = visitor.get("/").content
    brotlied = visitor.get("/", headers={"accept-encoding": "br"})
    gzipped = visitor.get("/", headers={"accept-encoding": "gzip"})
    assert (brotlied["Content-Encoding"], gzipped["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(brotlied.content) == gzip.decompress(gzipped.content) == page
    assert int(gzipped["Content-Length"]) == len(gzipped.content) < len(page)
    assert "Accept-Encoding" in gzipped["Vary"]


def test_answers_that_are_not_kept_are_compressed_too(visitor: Client) -> None:
    for path, status in (("/tracker/?region=africa", 200), ("/tracker/?region=mars", 400)):
        plain = visitor.get(path)
        brotlied = visitor.get(path, headers={"accept-encoding": "gzip, br"})
        assert (plain.status_code, brotlied.status_code) == (status, status)
        assert "Content-Encoding" not in plain
        assert brotlied["Content-Encoding"] == "br"
        assert brotli.decompress(brotlied.content) == plain.content
        assert int(brotlied["Content-Length"]) == len(brotlied.content)
        assert plain["Vary"] == brotlied["Vary"] == "Accept-Encoding"


def test_an_answer_compressed_once_is_still_known_by_its_tag(visitor: Client) -> None:
    for _ in range(10):
        CountryFactory.create()
    path = "/tracker/countries.csv?on=2010-01-01"
    tag = visitor.get(path, headers={"accept-encoding": "br"})["ETag"]
    assert tag.startswith("W/")
    again = visitor.get(path, headers={"accept-encoding": "br", "if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_personal_response_is_not_compressed(visitor: Client) -> None:
    """Its length could reveal a secret in it to somebody who controls the rest of its content."""
    response = visitor.get("/search/?q=court", headers={"accept-encoding": "br"})
    assert "private" in response["Cache-Control"]
    assert "Content-Encoding" not in response


def test_a_client_with_the_page_gets_304(visitor: Client) -> None:
    etag = visitor.get("/")["ETag"]
    for tags in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        response = visitor.get("/", headers={"if-none-match": tags})
        assert response.status_code == 304
        assert response.content == b""
        assert response["ETag"] == etag
    assert visitor.get("/", headers={"if-none-match": '"other"'}).status_code == 200


def test_head_has_the_headers_of_get_and_no_body(visitor: Client) -> None:
    page = visitor.get("/")
    head = visitor.head("/")
    assert head.content == b""
    assert head.headers == page.headers


def test_pages_without_prefix_do_not_vary_on_the_requested_language(visitor: Client) -> None:
    response = visitor.get("/", headers={"accept-language": "fr"})
    assert response["Content-Language"] == "en"
    assert "Accept-Language" not in response["Vary"]
    assert "Cookie" not in response["Vary"]


def test_staff_are_not_served_from_the_cache(
    visitor: Client, cache: PageCacheMiddleware, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor.get("/")
    visitor.cookies["sessionid"] = "of-somebody"
    with pytest.raises(pytest.fail.Exception), django_assert_num_queries(0):
        visitor.get("/")
    assert len(cache.store) == 1


def test_pages_shown_to_staff_are_not_cached(visitor: Client, cache: PageCacheMiddleware) -> None:
    visitor.cookies["sessionid"] = "of-somebody"
    visitor.get("/")
    visitor.get("/admin/login/")
    assert len(cache.store) == 0


def test_requests_with_campaign_parameters_get_the_plain_page(
    visitor: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor.get("/")
    with django_assert_num_queries(0):
        assert visitor.get("/?utm_source=newsletter&utm_campaign=asp").status_code == 200


def test_hostile_addresses_neither_fill_the_cache_nor_empty_it(
    visitor: Client, cache: PageCacheMiddleware, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor.get("/")
    for number in range(20):
        visitor.get(f"/?x={number}")
        visitor.get(f"/?utm_source={number}")
        visitor.get(f"/nothing-here-{number}/")
        visitor.get("/", headers={"host": f"testserver:{1000 + number}"})
        visitor.get("/", headers={"host": f"evil{number}.example"})
    assert len(cache.store) == 1
    with django_assert_num_queries(0):
        visitor.get("/")


def test_the_cache_is_empty_after_midnight_utc(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/")
    tomorrow = time.time() + SECONDS_A_DAY
    monkeypatch.setattr("core.page_cache.middleware.time.time", lambda: tomorrow)
    with mock.patch.object(HomePage, "serve", autospec=True, side_effect=HomePage.serve) as serve:
        visitor.get("/")
        visitor.get("/")
    serve.assert_called_once()


def _response(**headers: str) -> HttpResponse:
    return HttpResponse("page", headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_a_personal_response_is_not_shareable() -> None:
    with_cookie = _response()
    with_cookie.set_cookie("name", "value")
    assert not is_shareable(with_cookie)
    assert not is_shareable(_response(Cache_Control="private, no-store"))
    assert not is_shareable(_response(Cache_Control="No-Store"))
    assert not is_shareable(_response(Vary="Cookie"))
    assert not is_shareable(_response(Vary="accept-language"))
    assert not is_shareable(HttpResponse(status=404))
    assert is_shareable(_response(Vary="Accept-Encoding", Cache_Control="max-age=60"))


def _page(content: bytes) -> CachedPage:
    return CachedPage.of(HttpResponse(content))


def test_memory_is_bounded_and_the_least_used_page_leaves_first() -> None:
    page = _page(b"")
    store = PageStore(max_bytes=page.size * 3)
    for key in "abc":
        store.put(key, page, generation=0)
    store.get("a")
    store.put("d", page, generation=0)
    assert store.size <= store.max_bytes
    assert [key for key in "abcd" if store.get(key)] == ["a", "c", "d"]


def test_a_page_larger_than_the_cache_leaves_the_others_alone() -> None:
    small = _page(b"")
    store = PageStore(max_bytes=small.size)
    store.put("small", small, generation=0)
    large = _page(secrets.token_bytes(1_000))  # No compression.
    assert not store.put("large", large, generation=0)
    assert store.get("small") is small


def test_storing_a_page_again_counts_its_bytes_once() -> None:
    page = _page(b"words")
    store = PageStore(max_bytes=1_000_000)
    for _ in range(3):
        store.put("key", page, generation=0)
    assert store.size == page.size


def test_unused_request_is_not_read(home: HomePage, settings: Settings) -> None:
    """A POST bypasses the page cache with its body unread."""
    settings.PAGE_CACHE_MAX_BYTES = 1_000_000
    passed: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        passed.append(request)
        return HttpResponse()

    cache = PageCacheMiddleware(view)
    request = RequestFactory().post("/", {"email": "a@example.org"})
    cache(request)
    assert passed == [request]
    assert len(cache.store) == 0
