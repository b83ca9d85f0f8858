"""For the rights of a person: to know what is kept, and to be forgotten."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from newsletter import services


class Command(BaseCommand):
    help = "Export all that is kept of one person as JSON, or erase the person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["export", "erase"])
        parser.add_argument("email", help="the address that the person uses")
        parser.add_argument(
            "--dry-run", action="store_true", help="with erase: only tell what would be deleted"
        )

    def handle(self, *args: Any, action: str, email: str, **options: Any) -> None:
        try:
            if action == "erase" and not options["dry_run"]:
                self._erase(email)
            else:
                self._export(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _export(self, email: str) -> None:
        person = services.export_person(email=email)
        self.stdout.write(json.dumps(person, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))

    def _erase(self, email: str) -> None:
        count = int(services.erase_person(email=email))
        self.stdout.write(
            f"{count} subscriber erased. No list or import will write to the address again."
        )
