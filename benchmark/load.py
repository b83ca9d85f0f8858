"""Puts load on a server with wrk, and parses its results."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from statistics import median

CONNECTIONS = 8
# As sent by browsers.
ACCEPT_ENCODING = "gzip, deflate, br, zstd"
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1_000.0}


class BenchmarkError(Exception):
    """The benchmark cannot run, or its result cannot be trusted. The message gives the reason."""


@dataclass(frozen=True)
class Measurement:
    """Requests per second, and the 50th and 99th percentiles of latency in milliseconds."""

    rate: float
    p50: float
    p99: float

    @classmethod
    def median(cls, rounds: list["Measurement"]) -> "Measurement":
        return cls(
            *(median(getattr(one, name) for one in rounds) for name in ("rate", "p50", "p99"))
        )


def find_wrk() -> str:
    wrk = shutil.which("wrk")
    if wrk is None:
        raise BenchmarkError("Install 'wrk' from your system's packages: it makes the load.")
    return wrk


def measure(url: str, *, seconds: int) -> Measurement:
    """Measure an address. Raises BenchmarkError if any response was not 200 or any connection failed."""
    output = subprocess.run(  # noqa: S603 - wrk, with our own arguments.
        [
            find_wrk(),
            "--threads=1",
            f"--connections={CONNECTIONS}",
            f"--duration={seconds}s",
            f"--header=Accept-Encoding: {ACCEPT_ENCODING}",
            "--timeout=10s",
            "--latency",
            url,
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for trouble in ("Non-2xx", "Socket errors"):
        if trouble in output:
            raise BenchmarkError(f"{url} did not answer every request:\n{output}")
    return Measurement(
        rate=float(_find(r"Requests/sec:\s+([\d.]+)", output)[1]),
        p50=_latency("50", output),
        p99=_latency("99", output),
    )


def _latency(percent: str, output: str) -> float:
    match = _find(rf"\s{percent}%\s+([\d.]+)(us|ms|s)\s", output)
    return float(match[1]) * MILLISECONDS[match[2]]


def _find(pattern: str, output: str) -> re.Match[str]:
    match = re.search(pattern, output)
    if match is None:
        raise BenchmarkError(f"wrk answered something else than expected:\n{output}")
    return match
