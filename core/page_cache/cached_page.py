"""A cached page: its headers and its compressed bodies."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import blake2b
from typing import Self

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.http.response import ResponseHeaders
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

# Bytes that a page takes besides its bodies: key, headers and objects.
OVERHEAD = 2_048
# Browsers revalidate each time, and get 304 at the cost of a few hundred bytes.
CACHE_CONTROL = "no-cache"

UNSHAREABLE = {"private", "no-store"}
OF_ONE_ANSWER = {"content-encoding", "content-length", "etag"}
OF_NOT_MODIFIED = (
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Cache-Control",
    "ETag",
    "Vary",
)


def is_shareable(response: HttpResponseBase) -> bool:
    """Return whether this response may be sent to everyone who requests the address."""
    return response.status_code == 200 and is_of_nobody(response)


def is_of_nobody(response: HttpResponseBase) -> bool:
    """Return whether the response, which may be an error, contains nothing made for one person."""
    return (
        not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and not _values(response, "Cache-Control") & UNSHAREABLE
        and _values(response, "Vary") <= {"accept-encoding"}
    )


def _values(response: HttpResponseBase, header: str) -> set[str]:
    values = response.headers.get(header, "").lower().split(",")
    return {value.strip() for value in values} - {""}


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A response for everyone, in the encodings that browsers accept."""

    headers: ResponseHeaders
    bodies: dict[str, bytes]
    etag: str
    # Made once, because each header is converted. No middleware before the page cache changes a header.
    encoded_headers: dict[str, ResponseHeaders]

    @classmethod
    def of(cls, response: HttpResponse) -> Self:
        content = response.content
        # Weak, because one tag identifies the page in every encoding.
        etag = f'W/"{blake2b(content, digest_size=12).hexdigest()}"'
        patch_vary_headers(response, ("Accept-Encoding",))
        response.headers.setdefault("Cache-Control", CACHE_CONTROL)
        response.headers["ETag"] = etag
        headers = {
            name: value
            for name, value in response.headers.items()
            if name.lower() not in OF_ONE_ANSWER
        } | {"ETag": etag}
        bodies = {encoding: compress(content) for encoding, compress in COMPRESSORS.items()}
        return cls(
            headers=ResponseHeaders(headers),
            bodies=bodies,
            etag=etag,
            encoded_headers={
                encoding: ResponseHeaders(
                    headers | {"Content-Encoding": encoding, "Content-Length": str(len(body))}
                )
                for encoding, body in bodies.items()
            },
        )

    @property
    def size(self) -> int:
        """Return the approximate bytes of memory."""
        return OVERHEAD + sum(map(len, self.bodies.values()))

    def response_to(self, request: HttpRequest) -> HttpResponse:
        if (tags := request.META.get("HTTP_IF_NONE_MATCH")) and self._is_among(tags):
            return HttpResponseNotModified(
                headers={
                    name: self.headers[name] for name in OF_NOT_MODIFIED if name in self.headers
                }
            )
        encoding = preferred_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding == "identity":
            body = gzip.decompress(self.bodies["gzip"])
            headers = ResponseHeaders({**self.headers, "Content-Length": str(len(body))})
        else:
            body = self.bodies[encoding]
            headers = self.encoded_headers[encoding]
        response = HttpResponse(b"" if request.method == "HEAD" else body)
        response.headers = headers
        return response

    def _is_among(self, tags: str) -> bool:
        # Proxies turn weak tags into strong ones and back. If-None-Match compares them weakly.
        strong = self.etag.removeprefix("W/")
        return any(tag == "*" or tag.removeprefix("W/") == strong for tag in parse_etags(tags))


# In order of preference. Levels are moderate because visitors wait: level 9 takes four times as long and saves 1 byte
# in 150.
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, quality=7),
    "gzip": partial(gzip.compress, compresslevel=6, mtime=0),
}
IS_TEXT = re.compile(r"text/|application/([\w.-]+\+)?(json|xml)\b|image/svg")
WORTH_IT = 1_000  # bytes; less fits into one packet uncompressed


@lru_cache(maxsize=128)
def preferred_encoding(accept_encoding: str) -> str:
    """Return the best of `br`, `gzip` and `identity` that the client accepts. RFC 9110, section 12.5.3."""
    qualities: dict[str, float] = {}
    for item in accept_encoding.lower().split(","):
        name, _, parameter = item.partition(";")
        _, _, quality = parameter.partition("q=")
        try:
            qualities[name.strip()] = float(quality) if quality else 1.0
        except ValueError:
            qualities[name.strip()] = 0.0
    for encoding in COMPRESSORS:
        if qualities.get(encoding, qualities.get("*", 0.0)) > 0:
            return encoding
    return "identity"


def compress(response: HttpResponse, request: HttpRequest) -> None:
    """Compress a response that is not kept. Only for text without secrets of the client (BREACH)."""
    if not IS_TEXT.match(response.get("Content-Type", "")) or len(response.content) < WORTH_IT:
        return
    patch_vary_headers(response, ("Accept-Encoding",))
    encoding = preferred_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if encoding == "identity":
        return
    response.content = COMPRESSORS[encoding](response.content)
    response["Content-Encoding"] = encoding
    response["Content-Length"] = str(len(response.content))
    if response.get("ETag", "").startswith('"'):
        # One tag identifies the response in every encoding.
        response["ETag"] = f"W/{response['ETag']}"
