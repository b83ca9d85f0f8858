"""Starts the servers on databases of their own, measures them in turn, and prints medians: `python -m benchmark`."""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from local_site import embedded_database

from . import bare_app, wagtail_start
from .comparisons import Comparison, measure_in_turns, print_table
from .load import BenchmarkError, find_wrk
from .newsletter.comparison import compare
from .servers import PROJECT, free_port, serve
from .site import site_settings, throwaway_database

# Unknown parameters bypass the page cache, so each request is rendered.
UNCACHED = "?uncached"
FRONT_PAGE = "/"
REGION_PAGE = "/where-we-work/africa/"
TRACKER = "/tracker/"
# The least ratio of the page's requests per second to its yardstick's.
CACHED_TARGET = 0.45
UNCACHED_TARGETS = {FRONT_PAGE: 0.4, REGION_PAGE: 0.6, TRACKER: 0.15}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmark", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each page")
    parser.add_argument("--seconds", type=int, default=3, help="of load in a turn")
    parser.add_argument("--only", choices=["pages", "newsletter"], help="one part of the two")
    options = parser.parse_args()
    try:
        if options.only != "newsletter":
            _measure_pages(rounds=options.rounds, seconds=options.seconds)
        if options.only != "pages":
            _measure_newsletter()
    except BenchmarkError as error:
        sys.exit(str(error))


def _measure_pages(*, rounds: int, seconds: int) -> None:
    find_wrk()
    with contextlib.ExitStack() as stack:
        comparisons = _start_servers(stack)
        measured = measure_in_turns(comparisons, rounds=rounds, seconds=seconds)
    print_table(comparisons, measured)


def _measure_newsletter() -> None:
    server = embedded_database.start(PROJECT / "var" / "postgres")
    mail_port = free_port()
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        throwaway_database(server) as database,
    ):
        settings = site_settings(database, port=free_port(), mail_port=mail_port)
        _say("Preparing a database for the newsletter ...")
        for command in (["migrate", "--verbosity=0"], ["createcachetable"]):
            subprocess.run(  # noqa: S603 - our own arguments
                [sys.executable, "manage.py", *command], cwd=PROJECT, env=settings, check=True
            )
        compare(settings, Path(folder), mail_port)


def _start_servers(stack: contextlib.ExitStack) -> list[Comparison]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
    database = embedded_database.start(PROJECT / "var" / "postgres")

    port = free_port()
    settings = site_settings(stack.enter_context(throwaway_database(database)), port=port)
    _say("Preparing the site ...")
    subprocess.run(
        [sys.executable, "-m", "local_site.preparation"],
        cwd=PROJECT,
        env=settings,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    site = stack.enter_context(
        serve(
            "coalition_site.wsgi",
            folder=PROJECT,
            log=folder / "site.log",
            port=port,
            environment=settings,
        )
    )

    pages = folder / "pages.json"
    bare_app.write_pages(pages, site, [FRONT_PAGE, REGION_PAGE])
    bare = stack.enter_context(
        serve(
            "benchmark.bare_app",
            folder=PROJECT,
            log=folder / "bare.log",
            port=free_port(),
            environment={**os.environ, "BARE_APP_PAGES": str(pages)},
        )
    )

    _say("Preparing a project of `wagtail start` ...")
    project = folder / "wagtail_start"
    wagtail_start.make_project(
        project,
        database=stack.enter_context(throwaway_database(database)),
        environment=os.environ,
    )
    wagtail = stack.enter_context(
        serve(
            f"{wagtail_start.NAME}.wsgi",
            folder=project,
            log=folder / "wagtail.log",
            port=free_port(),
            environment={**os.environ, "DJANGO_SETTINGS_MODULE": wagtail_start.SETTINGS_MODULE},
        )
    )

    return [
        *(
            Comparison(f"{path}, cached", site + path, "bare app", bare + path, CACHED_TARGET)
            for path in (FRONT_PAGE, REGION_PAGE)
        ),
        *(
            Comparison(
                f"{path}, uncached", site + path + UNCACHED, "wagtail start", f"{wagtail}/", target
            )
            for path, target in UNCACHED_TARGETS.items()
        ),
    ]


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
