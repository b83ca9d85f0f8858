"""The base of commands that import a file on the server."""

from abc import abstractmethod
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from .problems import ImportOutdatedError, ImportRefusedError
from .uploads import Upload


class ImportCommand(BaseCommand):
    """Reports every mistake of a file and then writes nothing, or else applies it and prints a count."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="show the outcome and write nothing"
        )

    @abstractmethod
    def run_import(self, upload: Upload, *, dry_run: bool, **options: Any) -> str:
        """Import the file unless it is a dry run, and return the count. Raises as the services do."""

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            upload = Upload(file.name, file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        try:
            count = self.run_import(upload, dry_run=dry_run, **options)
        except ImportRefusedError as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise CommandError(
                f"{len(refusal.problems)} mistakes in {file.name}: nothing was written."
            ) from None
        except ImportOutdatedError:
            raise CommandError(
                "The data changed meanwhile: nothing was written. Run again."
            ) from None
        end = "Nothing was written (dry run)." if dry_run else "Done."
        self.stdout.write(self.style.SUCCESS(f"{count}. {end}"))
