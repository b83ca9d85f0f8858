"""Fills a new site with the Coalition's regions, campaigns and standard pages."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.demo_content import Outcome, SiteInUseError, load


class Command(BaseCommand):
    """Give a new site content to show, and staff content to edit.

    It may be run again after every update: it adds the content of the newer version and leaves alone what it loaded
    before, whatever staff have done to it. It refuses a site that already had other content.
    """

    help = "Load the demo pages, the teams of the regions and the record of the states, unless loaded before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Show what would be loaded and load nothing."
        )

    def handle(self, *args: Any, dry_run: bool, verbosity: int, **options: Any) -> None:
        def report(key: str, outcome: Outcome) -> None:
            if verbosity > 1 or outcome is not Outcome.KEPT:
                self.stdout.write(f"  {key}: {outcome}")

        try:
            tally = load(report=report, dry_run=dry_run)
        except SiteInUseError:
            raise CommandError(
                "Nothing was loaded: this site already has pages, and the demo content is for a new site."
            ) from None
        counts = ", ".join(f"{tally[outcome]} {outcome}" for outcome in Outcome if tally[outcome])
        end = "Nothing was written (dry run)." if dry_run else "Done."
        self.stdout.write(self.style.SUCCESS(f"{counts}. {end}"))
