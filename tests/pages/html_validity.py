"""Runs html-validate with the rules of `.htmlvalidate.mjs`, as one process because starting it takes longest."""

import json
import subprocess
from typing import Self

from tests.node import start


class HtmlValidator:
    """Finds errors in HTML."""

    def __init__(self) -> None:
        self._process = start("node", "tests/pages/validate.mjs")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self._process.terminate()
        self._process.communicate()

    def faults(self, html: str) -> list[str]:
        """Return a line for each error: its place, a description, and the rule."""
        lines, answers = self._process.stdin, self._process.stdout
        if lines is None or answers is None:
            raise subprocess.SubprocessError("The validator has no pipes")
        lines.write(json.dumps(html) + "\n")
        lines.flush()
        found: list[str] = json.loads(answers.readline())
        return found
