"""Finds out which of the system libraries that WeasyPrint needs are missing. Python packages do not include them.

`python -m tracker.reports.libraries` lists those that are missing, and fails if there are any.
"""

import sys
from ctypes import CDLL
from typing import Any

from django.core import checks

# The name, Debian's package, and the file on Linux, macOS and Windows.
# https://doc.courtbouillon.org/weasyprint/stable/first_steps.html
LIBRARIES = (
    (
        "Pango",
        "libpango-1.0-0",
        ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ),
    (
        "PangoFT2",
        "libpangoft2-1.0-0",
        ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
    ),
    (
        "HarfBuzz",
        "libharfbuzz0b",
        ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    ),
    (
        "HarfBuzz Subset",
        "libharfbuzz-subset0",
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
    ),
    (
        "Fontconfig",
        "libfontconfig1",
        ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
    ),
    (
        "GObject",
        "libglib2.0-0",
        ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"),
    ),
)


def missing_libraries() -> list[str]:
    """Return the missing libraries with their Debian packages: `Pango (libpango-1.0-0)`. Takes a few milliseconds."""
    return [
        f"{name} ({package})"
        for name, package, files in LIBRARIES
        if not any(_is_there(file) for file in files)
    ]


def _is_there(file: str) -> bool:
    try:
        CDLL(file)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    if missing := missing_libraries():
        sys.exit(f"The PDF of the yearly report needs {', '.join(missing)}.")


@checks.register
def check_libraries(**kwargs: Any) -> list[checks.CheckMessage]:
    """Warn at start and deployment that the report cannot be printed on this machine."""
    missing = missing_libraries()
    if not missing:
        return []
    return [
        checks.Warning(
            f"The PDF of the yearly report cannot be made on this machine: {', '.join(missing)} is missing.",
            hint="On Debian: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0. Only workers need it.",
            id="tracker.W001",
        )
    ]
