"""The first yardstick: an application that only returns the bytes that the site served.

`BARE_APP_PAGES` names the file that holds them.
"""

import base64
import json
import os
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .load import ACCEPT_ENCODING

# Gunicorn adds these itself.
OF_THE_SERVER = {"connection", "date", "server", "transfer-encoding"}


def write_pages(file: Path, site: str, paths: Iterable[str]) -> None:
    """Save the pages as a browser receives them: headers, and the body still compressed."""
    file.write_text(json.dumps({path: _fetch(site + path) for path in paths}))


def _fetch(url: str) -> tuple[list[tuple[str, str]], str]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": ACCEPT_ENCODING})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - loopback
        headers = [
            (name, value)
            for name, value in response.headers.items()
            if name.lower() not in OF_THE_SERVER
        ]
        return headers, base64.b64encode(response.read()).decode("ascii")


def _read_pages() -> dict[str, tuple[list[tuple[str, str]], bytes]]:
    file = os.environ.get("BARE_APP_PAGES")
    pages = json.loads(Path(file).read_text()) if file else {}
    return {
        path: ([(name, value) for name, value in headers], base64.b64decode(body))
        for path, (headers, body) in pages.items()
    }


PAGES = _read_pages()


def application(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    headers, body = PAGES[environ["PATH_INFO"]]
    start_response("200 OK", headers)
    return [body]
