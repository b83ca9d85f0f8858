#!/usr/bin/env python
"""Runs management commands, by default with the development settings."""

import os
import sys

DEPLOYED = "coalition_site.settings.production"


def main() -> None:
    settings = os.environ.setdefault(
        "DJANGO_SETTINGS_MODULE", "coalition_site.settings.development"
    )
    if settings != DEPLOYED and not os.environ.get("DATABASE_URL"):
        from local_site.environment import start_database  # noqa: PLC0415 - not part of a deployment

        os.environ["DATABASE_URL"] = start_database()
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the settings

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
