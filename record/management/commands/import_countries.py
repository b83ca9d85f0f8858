"""Imports the record of the states from a CSV file."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from record.imports import (
    CountryDifference,
    ImportPlan,
    ImportRefusedError,
    RecordMovedOnError,
    apply_import,
    plan_import,
)


class Command(BaseCommand):
    """Staff who keep the record in a table bring it in at once; the site's own data come in by the same way.

    Every mistake of the file is told, and then nothing is written; so is every difference, before it is.
    """

    help = "Import countries, treaty actions and laws from a CSV file. docs/editors.md has its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="Show the difference and write nothing."
        )

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        today = datetime.now(UTC).date()
        try:
            plan = plan_import(content=content, today=today)
            for difference in plan.differences:
                self._show(difference)
            if plan.differences and not dry_run:
                apply_import(content=content, name=file.name, today=today, stamp=plan.stamp)
        except ImportRefusedError as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise CommandError(
                f"{len(refusal.problems)} mistakes in {file.name}: nothing was written."
            ) from None
        except RecordMovedOnError:
            raise CommandError(
                "The record changed meanwhile: nothing was written. Run again."
            ) from None
        self.stdout.write(self.style.SUCCESS(_count(plan, dry_run=dry_run)))

    def _show(self, difference: CountryDifference) -> None:
        self.stdout.write(f"{difference.name} ({difference.iso3})")
        for entry in difference.entries:
            self.stdout.write(f"  {entry.kind.label}: {entry.entry}")
            for field in entry.fields:
                self.stdout.write(
                    f"    {field.name}: {field.before or '-'} -> {field.after or '-'}"
                )


def _count(plan: ImportPlan, *, dry_run: bool) -> str:
    end = "Nothing was written (dry run)." if dry_run else "Done."
    return f"{plan.rows} rows read, {len(plan.differences)} countries differ. {end}"
