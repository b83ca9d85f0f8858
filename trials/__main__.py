"""Runs trials one after another, with exit code 1 if an expectation is missed: `python -m trials [NAME ...]`."""

import argparse
import sys
from types import ModuleType

from . import database_outage, delivery, hostile_posts, slow_connections

TRIALS: tuple[ModuleType, ...] = (database_outage, delivery, hostile_posts, slow_connections)


def main() -> int:
    by_name = {trial.__name__.rpartition(".")[2]: trial for trial in TRIALS}
    parser = argparse.ArgumentParser(prog="python -m trials", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(by_name)}")
    parser.add_argument("--list", action="store_true", help="list the trials and end")
    options = parser.parse_args()
    if unknown := set(options.names) - set(by_name):
        parser.error(f"no such trial: {', '.join(sorted(unknown))}")
    if options.list:
        for name, trial in by_name.items():
            _say(f"{name:<20} {(trial.__doc__ or '').splitlines()[0]}")
        return 0
    missed = 0
    for name in options.names or by_name:
        _say(f"\n{name}: {by_name[name].__doc__}")
        for finding in by_name[name].run():
            _say(str(finding))
            missed += not finding.met
    _say(f"\n{missed} missed." if missed else "\nEverything as expected.")
    return 1 if missed else 0


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
