"""`python -m local_site site` runs the site as in production, `python -m local_site dev` for developers."""

import os
import sys

from .embedded_database import EmbeddedDatabaseError
from .launch import MODES, PortTakenError, launch


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in MODES:
        print(f"usage: python -m local_site {'|'.join(MODES)}", file=sys.stderr)  # noqa: T201
        return 2
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 1 <= int(port) <= 65_000:
        print(f"PORT is {port!r}: a number from 1 to 65000 is needed.", file=sys.stderr)  # noqa: T201
        return 2
    try:
        return launch(MODES[sys.argv[1]], port=int(port))
    except (EmbeddedDatabaseError, PortTakenError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


sys.exit(main())
