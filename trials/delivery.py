"""Sends 2,000 mails through a difficult server and kills ten workers. Every recipient must get exactly one mail.

The server accepts six connections, does not know 100 of the recipients, refuses 20 others, greylists one in twenty
(half of them with code 421), cuts the connection before it has received one mail in forty, and after it has received
one in 150. Workers are killed by SIGKILL ten times, the last time both at once. Deliveries that remain uncertain are
settled by the server's log, as staff do.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmark.servers import PROJECT, free_port
from benchmark.site import site_settings, throwaway_database
from local_site import embedded_database
from tests.mail_sink import MailSink, Options

from .delivery_site import addresses
from .finding import Finding
from .running_site import WORKER

RECIPIENTS, DEAD, UNWANTED, KILLS = 2_000, 100, 20, 10
BETWEEN_KILLS = 100  # mails
PATIENCE = 900.0  # seconds
GOES_ON_WITHIN = 30.0

Delivery = tuple[str, str, str]


def difficult_server(folder: Path, *, port: int = 0, recipients: int = RECIPIENTS) -> Options:
    """Return the options of the server: a twentieth of the recipients are unknown, and the next ones are refused."""
    readers = addresses(recipients)
    dead = readers[: recipients * DEAD // RECIPIENTS]
    unwanted = readers[-recipients * UNWANTED // RECIPIENTS :]
    return Options(
        port=port,
        log=str(folder / "received.log"),
        delay=0.02,
        most_connections=6,
        greylist_every=20,
        drop_every=40,
        vanish_every=150,
        replies={
            **dict.fromkeys(dead, "550 5.1.1 no such user"),
            **dict.fromkeys(unwanted, "550 5.7.1 not wanted"),
        },
    )


def discrepancies(deliveries: Iterable[Delivery], received: Iterable[str]) -> Counter[str]:
    """Count the mails of each kind of mistake, comparing the ledger with the Message-IDs that the mail server accepted.

    A mail is lost if it is recorded as sent but did not arrive, double if it arrived twice, and denied if it arrived
    but is recorded as failed.
    """
    times = Counter(received)
    wrong = Counter(lost=0, double=0, denied=0)
    for message_id, _address, state in deliveries:
        wrong["lost"] += state == "sent" and not times[message_id]
        wrong["double"] += times[message_id] > 1
        wrong["denied"] += state == "failed" and times[message_id] > 0
    return wrong


def run() -> list[Finding]:
    port = free_port()
    with migrated_environment(mail_port=port) as (environment, folder):
        options = difficult_server(folder, port=port)
        with MailSink(options) as sink, Site(environment) as site:
            site.ask("begin", str(RECIPIENTS))
            with Workers(environment, folder / "worker.log") as workers:
                began = time.monotonic()
                pause = _kill_again_and_again(workers, sink)
                standing = _finish(site)
                seconds = time.monotonic() - began
                first = site.ask("deliveries")
                first_received = [one.message_id for one in sink.received()]
                settled = _settle(site, sink, folder)
            last, received = site.ask("deliveries"), sink.received()
            suppressed = set(site.ask("suppressed"))
    wrong = discrepancies(first, first_received)
    finally_wrong = discrepancies(last, [one.message_id for one in received])
    states = Counter(state for _, _, state in last)
    dead = set(addresses(DEAD))
    reached = {one.recipient for one in received}
    return [
        Finding.equal("the mailing ends by itself", standing["state"], "sent"),
        Finding.at_most("  after seconds, with waits of a minute", seconds, PATIENCE, " s"),
        Finding.equal("workers killed while sending", workers.killed, KILLS + 1),
        Finding.at_most("sending resumes after both were killed", pause, GOES_ON_WITHIN, " s"),
        Finding.equal("recorded as sent but never received", wrong["lost"], 0),
        Finding.equal("received twice", wrong["double"], 0),
        Finding.equal("recorded as failed but received", wrong["denied"], 0),
        Finding(
            "uncertain at first; in the server's log",
            f"{settled['taken']}, not {settled['sent_again']}",
            "a few",
            settled["uncertain"] == 0,
        ),
        Finding.equal("existing recipients without a mail", len(_wanted() - reached), 0),
        Finding.equal("recipients with two mails", finally_wrong["double"], 0),
        Finding.equal("unknown addresses suppressed", len(dead & suppressed), DEAD),
        Finding.equal("other addresses suppressed", len(suppressed - dead), 0),
        Finding.equal("sent, refused", (states["sent"], states["failed"]), _expected_states()),
    ]


@contextlib.contextmanager
def migrated_environment(*, mail_port: int) -> Iterator[tuple[dict[str, str], Path]]:
    """Yield the environment of a site without content on its own database, and a folder. Deletes both at the end."""
    server = embedded_database.start(PROJECT / "var" / "postgres")
    with (
        tempfile.TemporaryDirectory(prefix="trial-") as folder,
        throwaway_database(server) as database,
    ):
        environment = site_settings(database, port=free_port(), mail_port=mail_port)
        for command in (["migrate", "--verbosity=0"], ["createcachetable"]):
            subprocess.run(
                [sys.executable, "manage.py", *command], cwd=PROJECT, env=environment, check=True
            )
        yield environment, Path(folder)


def _wanted() -> set[str]:
    return set(addresses(RECIPIENTS)[DEAD:-UNWANTED])


def _expected_states() -> tuple[int, int]:
    return RECIPIENTS - DEAD - UNWANTED, DEAD + UNWANTED


def _kill_again_and_again(workers: "Workers", sink: MailSink) -> float:
    """Kill workers while mails are being sent; return the seconds between the last kill and the next mail."""
    for number in range(KILLS - 1):
        taken = len(sink.received())
        _wait(lambda taken=taken: len(sink.received()) >= taken + BETWEEN_KILLS)  # type: ignore[misc]
        workers.kill(number % 2)
        workers.start(number % 2)
    taken = len(sink.received())
    _wait(lambda: len(sink.received()) >= taken + BETWEEN_KILLS)
    workers.kill(0)
    workers.kill(1)
    taken = len(sink.received())
    workers.start(0)
    began = time.monotonic()
    _wait(lambda: len(sink.received()) > taken)
    pause = time.monotonic() - began
    workers.start(1)
    return pause


def _finish(site: "Site") -> Any:
    """Wait until no delivery is left; return the state of the mailing."""
    _wait(lambda: site.ask("mailing")["state"] != "sending", every=1.0)
    return site.ask("mailing")


def _settle(site: "Site", sink: MailSink, folder: Path) -> Counter[str]:
    """Settle uncertain deliveries by the server's log and send the rest again, until none is uncertain."""
    told: Counter[str] = Counter()
    for _ in range(10):
        listed = folder / "provider.csv"
        rows = [f"{one.message_id},{one.recipient}" for one in sink.received()]
        listed.write_text("\n".join(["message id,recipient", *rows]))
        told.update(site.ask("settle", str(listed)))
        _finish(site)
        told["uncertain"] = sum(state == "uncertain" for _, _, state in site.ask("deliveries"))
        if not told["uncertain"]:
            break
    return told


def _wait(happens: Callable[[], bool], *, every: float = 0.05) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens() and time.monotonic() < deadline:
        time.sleep(every)


class Site:
    """The process that queries the site's database."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def __enter__(self) -> "Site":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trials.delivery_site"],
            cwd=PROJECT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.communicate()

    def ask(self, *command: str) -> Any:
        questions, answers = self._process.stdin, self._process.stdout
        if questions is None or answers is None:
            raise RuntimeError("The site's process has no pipes.")
        questions.write(" ".join(command) + "\n")
        questions.flush()
        # The site's log uses the same output.
        for line in answers:
            answer = json.loads(line)
            if not (isinstance(answer, dict) and "event" in answer):
                return answer
        raise RuntimeError(f"No answer to {command[0]}.")


class Workers:
    """Two workers as deployed, which are killed without warning and started again."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self.killed = 0

    def __enter__(self) -> "Workers":
        self.start(0)
        self.start(1)
        return self

    def __exit__(self, *exception: object) -> None:
        for worker in self._running.values():
            worker.terminate()
        for worker in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.wait(30)
            worker.kill()
            worker.wait()

    def start(self, number: int) -> None:
        with self._log.open("ab") as log:
            self._running[number] = subprocess.Popen(
                WORKER, cwd=PROJECT, env=self._environment, stdout=log, stderr=log
            )

    def kill(self, number: int) -> None:
        worker = self._running.pop(number)
        worker.kill()
        worker.wait()
        self.killed += 1
