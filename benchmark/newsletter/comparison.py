"""Runs the mail server, the yardsticks and the workers, and prints a comparison."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from benchmark.load import BenchmarkError
from benchmark.servers import PROJECT
from tests.mail_sink import MailSink, Options

DELAY = 0.005  # seconds added to every reply, typical of a remote mail server
MAILS, FEW_MAILS, DELAYED_MAILS = 20_000, 2_000, 4_000
YARDSTICK_MAILS = {"bare": 4_000, "django": 1_500, "eight": 3_000}
OF_BARE, OF_DJANGO, OF_EIGHT, OF_ONE, MEMORY = 0.35, 2.0, 0.85, 1.6, 1.1
PATIENCE = 60.0
# One job at a time, so that each worker is one sender.
WORKER = [sys.executable, "manage.py", "procrastinate", "worker", "--concurrency=1"]


@dataclass(frozen=True)
class Sending:
    """Mails per second, and the peak memory of a worker in bytes."""

    rate: float
    memory: int


class Site:
    """The process that creates mailings, with the database and the mail server of its environment."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = environment
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmark.newsletter.issue"],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, command: str, argument: object) -> float:
        if self._process.stdin is None or self._process.stdout is None:
            raise BenchmarkError("The site's side has no input.")
        self._process.stdin.write(f"{command} {argument}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise BenchmarkError(
                f"The site's side ended: {(self._folder / 'worker.log').read_text()[-2_000:]}"
            )
        return float(answer)

    def send(self, mails: int, *, workers: int = 1) -> Sending:
        with self._workers(workers) as processes:
            seconds = self.ask("send", mails)
            memory = max(_peak_memory(process.pid) for process in processes)
        return Sending(mails / seconds, memory)

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    @contextlib.contextmanager
    def _workers(self, number: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
        with (self._folder / "worker.log").open("ab") as log:
            processes = [
                subprocess.Popen(  # noqa: S603 - our own arguments
                    WORKER, cwd=PROJECT, env=self._environment, stdout=log, stderr=log
                )
                for _ in range(number)
            ]
            try:
                self.ask("await", number)
                yield processes
            finally:
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.wait(PATIENCE)


def compare(environment: Mapping[str, str], folder: Path, port: int) -> None:
    """Measure and print. `environment` is that of the site, whose mail goes to `port`."""
    site = Site(environment, folder)
    try:
        site.ask("content", folder)
        size = (folder / "message.eml").stat().st_size
        with MailSink(Options(port=port)):
            yardsticks = {kind: [_yardstick(kind, port, folder)] for kind in ("bare", "django")}
            few = site.send(FEW_MAILS)
            many = site.send(MAILS)
            for kind, rates in yardsticks.items():
                rates.append(_yardstick(kind, port, folder))
        # Without pipelining, so that workers and yardstick wait for the same number of replies.
        with MailSink(Options(port=port, delay=DELAY, pipelining=False)):
            eight = [_yardstick("eight", port, folder)]
            one = site.send(DELAYED_MAILS)
            two = site.send(DELAYED_MAILS, workers=2)
            eight.append(_yardstick("eight", port, folder))
    finally:
        site.end()
    _say(f"\nMails of {size / 1024:.0f} KB{'':35}{'mails/s':>9}{'ratio':>8}")
    _row(f"one worker, {MAILS:,} readers", many.rate)
    _row("  bare smtplib, one connection", mean(yardsticks["bare"]), many.rate, OF_BARE)
    _row("  Django messages, one connection", mean(yardsticks["django"]), many.rate, OF_DJANGO)
    _say(f"\nWith {DELAY * 1000:.0f} ms added to each reply of the server")
    _row(f"one worker, {DELAYED_MAILS:,} readers", one.rate)
    _row("  bare smtplib, eight connections", mean(eight), one.rate, OF_EIGHT)
    _row("two workers", two.rate)
    _row("  one worker", one.rate, two.rate, OF_ONE)
    growth = many.memory / few.memory
    verdict = f"at most {MEMORY}" + ("" if growth <= MEMORY else ": MISSED")
    _say(
        f"\nMost memory of a worker: {many.memory / 2**20:.0f} MB for {MAILS:,} readers, "
        f"{few.memory / 2**20:.0f} MB for {FEW_MAILS:,}; ratio {growth:.2f}, {verdict}\n"
    )


def _yardstick(kind: str, port: int, folder: Path) -> float:
    mails = YARDSTICK_MAILS[kind]
    _say(f"{mails:,} mails, {kind} ...")
    module = "benchmark.newsletter.yardsticks"
    return float(
        subprocess.run(  # noqa: S603 - our own arguments
            [sys.executable, "-m", module, kind, str(port), str(mails), str(folder)],
            cwd=PROJECT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )


def _peak_memory(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def _row(name: str, rate: float, against: float = 0.0, target: float = 0.0) -> None:
    if not against:
        _say(f"{name:46}{rate:>9.0f}")
        return
    ratio = against / rate
    verdict = f"at least {target}" + ("" if ratio >= target else ": MISSED")
    _say(f"{name:46}{rate:>9.0f}{ratio:>8.2f}  {verdict}")


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201
