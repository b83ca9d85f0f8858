"""Fills a new site with the Coalition's regions, campaigns and pages of text."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.demo_content import Outcome, SiteInUseError, load


class Command(BaseCommand):
    """A new site needs something to show, and staff need something to edit.

    It may be run again after every update: it adds what a newer version brings and touches nothing that it loaded
    before, whatever staff made of it. A site that grew without it is refused.
    """

    help = "Load what is not there yet of the pages, the teams of the regions and the record of the states."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="Tell what would be loaded, and load nothing."
        )

    def handle(self, *args: Any, dry_run: bool, verbosity: int, **options: Any) -> None:
        def report(key: str, outcome: Outcome) -> None:
            if verbosity > 1 or outcome is not Outcome.KEPT:
                self.stdout.write(f"  {key}: {outcome}")

        try:
            tally = load(report=report, dry_run=dry_run)
        except SiteInUseError:
            raise CommandError(
                "This site has pages of its own. The demo content is for a new site: nothing was loaded."
            ) from None
        counts = ", ".join(f"{tally[outcome]} {outcome}" for outcome in Outcome if tally[outcome])
        end = "Nothing was written (dry run)." if dry_run else "Done."
        self.stdout.write(self.style.SUCCESS(f"{counts}. {end}"))
