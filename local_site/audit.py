"""Reports known vulnerabilities in the locked dependencies: `python -m local_site.audit`.

It queries the package indexes only: PyPI by pip-audit, npm by `npm audit`. A vulnerability that a newer version fixes
fails the check. One without a fix is reported. An index that does not answer, or a mirror without advisories, is
reported too and does not fail the check.
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
    """The index has not reported on advisories. The message says why."""


@dataclass(frozen=True)
class Vulnerability:
    """A known vulnerability. `fixed_in` is empty if no version fixes it."""

    package: str
    advisory: str
    fixed_in: str


@dataclass(frozen=True)
class Answer:
    """The report of an index. `unknown` lists packages that it has no advisories on."""

    vulnerabilities: list[Vulnerability]
    unknown: list[str]


def of_pypi(report: dict[str, Any]) -> Answer:
    """Read the report of pip-audit. Raises NoAnswerError."""
    packages = report["dependencies"]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if len(unknown) == len(packages):
        raise NoAnswerError("it knows none of the packages")
    vulnerabilities = [
        Vulnerability(package["name"], found["id"], ", ".join(found["fix_versions"]))
        for package in packages
        for found in package.get("vulns", [])
    ]
    return Answer(vulnerabilities, unknown)


def of_npm(report: dict[str, Any]) -> Answer:
    """Read the report of `npm audit`, without packages affected only by a dependency. Raises NoAnswerError."""
    if "vulnerabilities" not in report:
        raise NoAnswerError(str(report.get("message", "it gave no report")))
    vulnerabilities = [
        Vulnerability(name, cause["title"], "a newer version" if found["fixAvailable"] else "")
        for name, found in report["vulnerabilities"].items()
        for cause in found["via"]
        if isinstance(cause, dict)
    ]
    return Answer(vulnerabilities, [])


def ask(
    command: Iterable[str | Path], read: Callable[[dict[str, Any]], Answer], *, patience: float
) -> Answer:
    """Run a client and read its report. Raises NoAnswerError after `patience` seconds at the latest."""
    try:
        process = subprocess.run(  # noqa: S603 - a client named below
            list(command), cwd=ROOT, capture_output=True, text=True, check=False, timeout=patience
        )
    except subprocess.TimeoutExpired:
        raise NoAnswerError(f"no report within {patience:.0f} seconds") from None
    try:
        report = json.loads(process.stdout)
    except ValueError:
        last = (process.stderr.strip().splitlines() or ["no report"])[-1]
        raise NoAnswerError(last[:200]) from None
    return read(report)


def report_on(index: str, answer: Answer) -> bool:
    """Print the report. Return whether the check passes: no vulnerability has a fix."""
    for vulnerability in answer.vulnerabilities:
        remedy = (
            f"fixed in {vulnerability.fixed_in}"
            if vulnerability.fixed_in
            else "no version fixes it"
        )
        print(f"{index}: {vulnerability.package}: {vulnerability.advisory}: {remedy}")  # noqa: T201
    if answer.unknown:
        print(f"{index}: not checked: {', '.join(answer.unknown)}")  # noqa: T201
    print(f"{index}: {len(answer.vulnerabilities)} known vulnerabilities in the locked packages")  # noqa: T201
    return not any(vulnerability.fixed_in for vulnerability in answer.vulnerabilities)


def main() -> int:
    """Check both indexes. Return 1 if a vulnerability has a fix, else 0."""
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
        clients: dict[str, tuple[list[str | Path], Callable[[dict[str, Any]], Answer]]] = {
            "PyPI": ([*pip_audit, *options], of_pypi),
            "npm": ([*npm, "--fetch-retries=0", "--fetch-timeout=10000"], of_npm),
        }
        well = []
        for index, (command, read) in clients.items():
            try:
                well.append(report_on(index, ask(command, read, patience=PATIENCE)))
            except NoAnswerError as error:
                print(f"{index} DOES NOT ANSWER, its packages were not checked: {error}")  # noqa: T201
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main())
