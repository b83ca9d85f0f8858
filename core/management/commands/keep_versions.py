"""Keeps a version of every public page and record that code wrote without one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from core.checks import versioned_models, without_version


class Command(BaseCommand):
    """Keep versions of objects that were written without one, so that they can be compared, restored and scheduled.

    Idempotent.
    """

    help = "Keep a version of every public page and record that has none in its history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Count the versions and write nothing."
        )

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        total = 0
        for model in versioned_models():
            with transaction.atomic():
                rows = list(without_version(model).select_for_update(of=("self",)))
                if not dry_run:
                    for row in rows:
                        row.keep_version()
            total += len(rows)
            if rows:
                self.stdout.write(f"  {model._meta.verbose_name_plural}: {len(rows)}")
        end = "Nothing was written (dry run)." if dry_run else "Done."
        noun = "version" if total == 1 else "versions"
        self.stdout.write(self.style.SUCCESS(f"{total} {noun}. {end}"))
