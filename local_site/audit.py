"""Which of the locked dependencies have a known weakness: `python -m local_site.audit`.

The package indexes are asked, and nobody else: PyPI by pip-audit, npm by `npm audit`. A weakness that a newer version
mends fails the check. One that none mends is told. An index that does not answer, or a mirror that knows no
advisories, is told too, and fails nothing.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PATIENCE = 120  # Seconds for one index.


class NoAnswerError(Exception):
    """The index told nothing of advisories. Says in a few words why."""


@dataclass(frozen=True)
class Weakness:
    """One that is known. `mended_in` is empty where no version mends it."""

    package: str
    advisory: str
    mended_in: str


@dataclass(frozen=True)
class Answer:
    """What an index knows. `unknown` are packages that it knows nothing of."""

    weaknesses: list[Weakness]
    unknown: list[str]


def of_pypi(report: dict[str, Any]) -> Answer:
    """Read the report of pip-audit."""
    asked = report["dependencies"]
    unknown = [package["name"] for package in asked if "skip_reason" in package]
    if len(unknown) == len(asked):
        raise NoAnswerError("it knows none of the packages")
    weaknesses = [
        Weakness(package["name"], found["id"], ", ".join(found["fix_versions"]))
        for package in asked
        for found in package.get("vulns", [])
    ]
    return Answer(weaknesses, unknown)


def of_npm(report: dict[str, Any]) -> Answer:
    """Read the report of `npm audit`. A package may be weak by another that it needs, which is named by itself."""
    if "vulnerabilities" not in report:
        raise NoAnswerError(str(report.get("message", "it gave no report")))
    weaknesses = [
        Weakness(name, cause["title"], "a newer version" if found["fixAvailable"] else "")
        for name, found in report["vulnerabilities"].items()
        for cause in found["via"]
        if isinstance(cause, dict)
    ]
    return Answer(weaknesses, [])


def ask(
    command: Iterable[str | Path], read: Callable[[dict[str, Any]], Answer], *, patience: float
) -> Answer:
    """Run a client and read its report. Raises NoAnswerError, after `patience` seconds at the latest."""
    try:
        process = subprocess.run(  # noqa: S603 - a client named below
            list(command), cwd=ROOT, capture_output=True, text=True, check=False, timeout=patience
        )
    except subprocess.TimeoutExpired:
        raise NoAnswerError(f"nothing came within {patience:.0f} seconds") from None
    try:
        report = json.loads(process.stdout)
    except ValueError:
        last = (process.stderr.strip().splitlines() or ["no report"])[-1]
        raise NoAnswerError(last[:200]) from None
    return read(report)


def tell(index: str, answer: Answer) -> bool:
    """Print what was found. Gives whether all is well: whether no newer version mends anything."""
    for weakness in answer.weaknesses:
        remedy = f"mended in {weakness.mended_in}" if weakness.mended_in else "no version mends it"
        print(f"{index}: {weakness.package}: {weakness.advisory}: {remedy}")  # noqa: T201
    if answer.unknown:
        print(f"{index}: not looked at: {', '.join(answer.unknown)}")  # noqa: T201
    print(f"{index}: {len(answer.weaknesses)} known weaknesses in the locked packages")  # noqa: T201
    return not any(weakness.mended_in for weakness in answer.weaknesses)


def main() -> int:
    """Ask both indexes. Gives 1 where a newer version mends a weakness, else 0."""
    tools = Path(sys.executable).parent
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as locked:
        export = [
            "export",
            "--frozen",
            "--no-emit-project",
            "--quiet",
            "--output-file",
            locked.name,
        ]
        uv = shutil.which("uv", path=f"{tools}{os.pathsep}{os.environ['PATH']}")
        subprocess.run([uv or "uv", *export], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        pip_audit = [str(tools / "pip-audit"), "--requirement", locked.name, "--require-hashes"]
        options = ["--disable-pip", "--format=json", "--progress-spinner=off", "--timeout=10"]
        npm = [sys.executable, "-m", "tests.node", "npm-cli.js", "audit", "--json"]
        asked: dict[str, tuple[list[str | Path], Callable[[dict[str, Any]], Answer]]] = {
            "PyPI": ([*pip_audit, *options], of_pypi),
            "npm": ([*npm, "--fetch-retries=0", "--fetch-timeout=10000"], of_npm),
        }
        well = []
        for index, (command, read) in asked.items():
            try:
                well.append(tell(index, ask(command, read, patience=PATIENCE)))
            except NoAnswerError as error:
                print(f"{index} DOES NOT ANSWER, its packages were not looked at: {error}")  # noqa: T201
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
