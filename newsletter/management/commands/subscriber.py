"""Exports or erases the data of one person."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from core.personal_data.registry import Entry, erase_person, export_person, find_person
from newsletter.services import email_on_file
from newsletter.staff.persons import RequestForm


class Command(BaseCommand):
    """The same as "Data requests" in the admin."""

    help = "Export all data of a person as JSON, or erase the person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["export", "erase"])
        parser.add_argument("email", help="the address that the person uses")
        parser.add_argument(
            "--reason",
            default="",
            help="stored in the request log, so it must not contain an address",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="with erase: only show what would be erased"
        )

    def handle(
        self, *args: Any, action: str, email: str, reason: str, dry_run: bool, **options: Any
    ) -> None:
        try:
            email = email_on_file(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if action == "erase" and dry_run:
            self._write(find_person(email))
            return
        form = RequestForm({"email": email, "reason": reason})
        if not form.is_valid():
            raise CommandError("--reason: " + " ".join(map(str, form.errors["reason"])))
        reason = form.cleaned_data["reason"]
        if action == "export":
            self._write(export_person(email=email, reason=reason, user=None))
            return
        count = erase_person(email=email, reason=reason, user=None)
        self.stdout.write(f"{count} entries erased. No import will add the address again.")

    def _write(self, person: dict[str, list[Entry]]) -> None:
        self.stdout.write(json.dumps(person, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
