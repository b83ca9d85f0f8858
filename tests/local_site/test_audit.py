"""Known vulnerabilities of dependencies fail the check if a newer version fixes them."""

import json
import sys
import time
from typing import Any

import pytest

from local_site import audit
from local_site.audit import Answer, NoAnswerError, Vulnerability, ask, of_npm, of_pypi, report_on


def client(report: Any = None, *, code: str = "") -> list[str]:
    """Return a client that prints a report and exits as the real ones do when they find something."""
    script = f"print({json.dumps(report)!r})" if report is not None else code
    return [sys.executable, "-c", f"{script}\nraise SystemExit(1)"]


def weak(**changed: Any) -> dict[str, Any]:
    vulnerability = {"id": "PYSEC-1", "fix_versions": ["5.2.20"], "aliases": [], **changed}
    return {"name": "django", "version": "5.2.19", "vulns": [vulnerability]}


SOUND = {"name": "idna", "version": "3.20", "vulns": []}
ABSENT = {"name": "wagtail", "skip_reason": "Dependency not found on PyPI"}


def test_a_vulnerability_that_a_newer_version_fixes_fails_the_check(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = ask(client({"dependencies": [SOUND, weak()], "fixes": []}), of_pypi, patience=30)
    assert answer == Answer([Vulnerability("django", "PYSEC-1", "5.2.20")], [])
    assert not report_on("PyPI", answer)
    assert "django: PYSEC-1: fixed in 5.2.20" in capsys.readouterr().out


def test_a_vulnerability_without_a_fix_is_reported_and_passes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report = {"dependencies": [SOUND, weak(fix_versions=[])]}
    assert report_on("PyPI", ask(client(report), of_pypi, patience=30))
    assert "no version fixes it" in capsys.readouterr().out


def test_packages_unknown_to_the_index_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert report_on("PyPI", ask(client({"dependencies": [SOUND, ABSENT]}), of_pypi, patience=30))
    assert "not checked: wagtail" in capsys.readouterr().out


def test_an_index_that_knows_no_package_does_not_answer() -> None:
    with pytest.raises(NoAnswerError):
        ask(client({"dependencies": [ABSENT]}), of_pypi, patience=30)


def test_an_index_that_cannot_be_reached_does_not_answer() -> None:
    with pytest.raises(NoAnswerError, match="Connection refused"):
        ask(
            client(code="import sys; print('Connection refused', file=sys.stderr)"),
            of_pypi,
            patience=30,
        )


def test_an_index_that_hangs_is_waited_for_up_to_the_limit() -> None:
    begun = time.monotonic()
    with pytest.raises(NoAnswerError, match="within 1 seconds"):
        ask(client(code="import time; time.sleep(600)"), of_pypi, patience=1)
    assert time.monotonic() - begun < 60


def test_npm_without_advisories_does_not_answer() -> None:
    with pytest.raises(NoAnswerError, match="405"):
        ask(client({"message": "405 Method Not Allowed", "error": {}}), of_npm, patience=30)


@pytest.mark.parametrize("fix", [True, {"name": "lighthouse", "version": "14.0.0"}, False])
def test_vulnerabilities_of_npm(fix: Any) -> None:
    """`lighthouse` is affected only by its dependency `ws`."""
    report = {
        "auditReportVersion": 2,
        "vulnerabilities": {
            "ws": {"via": [{"title": "Denial of service"}], "fixAvailable": fix},
            "lighthouse": {"via": ["ws"], "fixAvailable": fix},
        },
    }
    answer = ask(client(report), of_npm, patience=30)
    assert [found.package for found in answer.vulnerabilities] == ["ws"]
    assert report_on("npm", answer) == (fix is False)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"PyPI": [], "npm": None}, 0),
        ({"PyPI": None, "npm": None}, 0),
        ({"PyPI": [Vulnerability("django", "PYSEC-1", "5.2.20")], "npm": None}, 1),
        ({"PyPI": [], "npm": [Vulnerability("ws", "Denial of service", "a newer version")]}, 1),
    ],
)
def test_the_check_fails_only_for_what_can_be_mended(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answers: dict[str, list[Vulnerability] | None],
    code: int,
) -> None:
    def answer(command: Any, read: Any, *, patience: float) -> Answer:
        found = answers["PyPI" if read is of_pypi else "npm"]
        if found is None:
            raise NoAnswerError("Name or service not known")
        return Answer(found, [])

    monkeypatch.setattr(audit, "ask", answer)
    assert audit.main() == code
    silent = [index for index, found in answers.items() if found is None]
    printed = capsys.readouterr().out
    assert [index for index in answers if f"{index} DOES NOT ANSWER" in printed] == silent
