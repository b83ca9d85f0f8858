"""Imports subscribers, or addresses to suppress, from a CSV file."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from core.imports.commands import ImportCommand
from core.imports.uploads import Upload
from newsletter.choices import ListKind
from newsletter.models import SubscriberImport
from newsletter.people.imports.services import (
    ImportTerms,
    Outcome,
    apply_import,
    keep_import,
    plan_import,
)

CONSENT_LENGTH: int = SubscriberImport._meta.get_field("consent_source").max_length or 0


class Command(ImportCommand):
    """For lists that are too long for a browser. The output never quotes an address."""

    help = "Import subscribers from a CSV file. docs/editors.md has its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--consent-source",
            required=True,
            help="where and when people agreed; stored for each of them as proof of consent",
        )
        parser.add_argument(
            "--language",
            default=settings.LANGUAGE_CODE,
            choices=[code for code, _name in settings.LANGUAGES],
            help="language of people whose row has none",
        )
        parser.add_argument(
            "--confirmed",
            action="store_true",
            help="people have confirmed by e-mail elsewhere; do not ask them again",
        )
        parser.add_argument(
            "--kind",
            default=ListKind.PEOPLE,
            choices=ListKind.values,
            help="people to subscribe, or people who left or whose mail bounced elsewhere",
        )

    def run_import(self, upload: Upload, *, dry_run: bool, **options: Any) -> str:
        consent_source = options["consent_source"].strip()
        if not consent_source or len(consent_source) > CONSENT_LENGTH:
            raise CommandError(f"--consent-source needs 1 to {CONSENT_LENGTH} characters.")
        terms = ImportTerms(
            consent_source=consent_source,
            asks_to_confirm=not options["confirmed"],
            language=options["language"],
            kind=ListKind(options["kind"]),
        )
        if dry_run:
            counts = plan_import(
                content=upload.content, language=terms.language, kind=terms.kind
            ).counts
        else:
            kept = keep_import(
                content=upload.content, file_name=upload.name, terms=terms, user=None
            )
            counts = apply_import(pk=kept.pk, user=None).counts
        return ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome)
