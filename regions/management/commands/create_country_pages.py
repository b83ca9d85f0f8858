"""Creates pages for countries that have none."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from wagtail.models import Locale

from regions.services import create_missing_country_pages


class Command(BaseCommand):
    """An import adds countries to the record without creating pages, since staff decide about those."""

    help = "Give every published country without a page in a language one under its region."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("language", help="The code of the language: en, fr, es or ar.")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="List the pages that would be created, without creating them.",
        )

    def handle(self, *args: Any, language: str, dry_run: bool, **options: Any) -> None:
        locale = Locale.objects.filter(language_code=language).first()
        if locale is None:
            raise CommandError(f"The site has no language “{language}”.")
        with transaction.atomic():
            pages = create_missing_country_pages(locale=locale)
            transaction.set_rollback(dry_run)
        for page in pages:
            self.stdout.write(f"  {page.get_url()}")
        end = "Nothing was written (dry run)." if dry_run else "Done."
        noun = "page" if len(pages) == 1 else "pages"
        self.stdout.write(self.style.SUCCESS(f"{len(pages)} {noun}. {end}"))
