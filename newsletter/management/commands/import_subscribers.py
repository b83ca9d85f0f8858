"""Brings a list of people into the newsletter from a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.csv_files import ImportRefusedError
from newsletter.choices import ListKind
from newsletter.models import SubscriberImport
from newsletter.people.importing import ImportTerms, Outcome, apply_import, keep_import, plan_import

CONSENT_LENGTH: int = SubscriberImport._meta.get_field("consent_source").max_length or 0


class Command(BaseCommand):
    """A list that is too long for a browser, or comes from another system, is brought in by whoever runs the site.

    Every mistake of the file is told, without the addresses, and then nothing is written.
    """

    help = "Import subscribers from a CSV file. docs/editors.md has its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--consent-source",
            required=True,
            help="where and when they agreed; kept with each of them as the proof of consent",
        )
        parser.add_argument(
            "--language",
            default=settings.LANGUAGE_CODE,
            choices=[code for code, _name in settings.LANGUAGES],
            help="of those whose row says none",
        )
        parser.add_argument(
            "--confirmed",
            action="store_true",
            help="they confirmed by mail elsewhere, and are not asked again",
        )
        parser.add_argument(
            "--kind",
            default=ListKind.PEOPLE,
            choices=ListKind.values,
            help="people to subscribe, or those who left or whose mail bounced elsewhere",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only tell the outcome, and write nothing"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        consent_source = options["consent_source"].strip()
        if not consent_source or len(consent_source) > CONSENT_LENGTH:
            raise CommandError(f"--consent-source needs 1 to {CONSENT_LENGTH} characters.")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        try:
            kind = ListKind(options["kind"])
            if options["dry_run"]:
                plan = plan_import(content=content, language=options["language"], kind=kind)
                self._tell(plan.counts, end="Nothing was written (dry run).")
                return
            kept = keep_import(
                content=content,
                file_name=file.name,
                terms=ImportTerms(
                    consent_source=consent_source,
                    asks_to_confirm=not options["confirmed"],
                    language=options["language"],
                    kind=kind,
                ),
                user=None,
            )
        except ImportRefusedError as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise CommandError(
                f"{len(refusal.problems)} mistakes in {file.name}: nothing was written."
            ) from None
        self._tell(apply_import(pk=kept.pk, user=None).counts, end="Done.")

    def _tell(self, counts: dict[str, int], *, end: str) -> None:
        words = ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome)
        self.stdout.write(self.style.SUCCESS(f"{words}. {end}"))
