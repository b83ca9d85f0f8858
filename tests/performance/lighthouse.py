"""Runs Lighthouse on the site as deployed: `make lighthouse`.

Prints the four scores and the largest contentful paint of its mobile simulation. Times depend on the machine and its
load, so no test checks them. The goal is 100 for each score and at most 1.1 s.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.node import PROJECT, run

PAGES = ["/", "/where-we-work/africa/"]
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
CHROMIUM_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
SECONDS_TO_START = 300
VISITS_BEFORE = 20  # Enough for every worker to cache the page.
ATTEMPTS = 3  # Occasionally Chromium starts its trace too late for Lighthouse (NO_NAVSTART).


@contextmanager
def running_site() -> Iterator[str]:
    """Run `make site` on a free port; yield its address once the front page responds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    site = subprocess.Popen(
        [sys.executable, "-m", "local_site", "site"],
        cwd=PROJECT,
        env=os.environ | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(address, site)
        yield address
    finally:
        site.terminate()
        site.wait()


def _wait_for(address: str, site: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with urlopen(address):  # noqa: S310 - our own server
                return
        except (URLError, ConnectionError):
            if site.poll() is not None or time.monotonic() > until:
                sys.exit("The site did not start.")
            time.sleep(0.5)


def measure(address: str) -> str:
    """Return the scores of a page, 100 at best, and the largest contentful paint in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        report = _report(address, file)
    scores = [f"{name} {round(report['categories'][name]['score'] * 100)}" for name in CATEGORIES]
    paint = report["audits"]["largest-contentful-paint"]["numericValue"] / 1000
    faults = [
        f"    {audit['title']}: {audit.get('displayValue') or audit['score']}"
        for audit in report["audits"].values()
        if audit["score"] is not None and audit["score"] < 0.9
    ]
    return "\n".join([f"  {', '.join(scores)}, largest paint {paint:.2f} s", *faults])


def _report(address: str, file: Path) -> dict[str, Any]:
    for _ in range(ATTEMPTS):
        result = run(
            "lighthouse",
            address,
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={CHROMIUM_FLAGS}",
            "--output=json",
            f"--output-path={file}",
            "--quiet",
        )
        if not result.returncode:
            report: dict[str, Any] = json.loads(file.read_text())
            return report
    sys.exit(result.stderr)


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Lighthouse needs Chromium: install the system's package `chromium`.")
    os.environ["CHROME_PATH"] = chromium
    with running_site() as address:
        for page in PAGES:
            for _ in range(VISITS_BEFORE):
                urlopen(address + page).close()  # noqa: S310 - our own server
            print(page, measure(address + page), sep="\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
