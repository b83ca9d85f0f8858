"""For the rights of a person: to know what is kept, and to be forgotten."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from core.personal_data.registry import Entry, erase_person, export_person, find_person
from newsletter.people.persons.forms import RequestForm
from newsletter.services import email_on_file


class Command(BaseCommand):
    """Staff do the same in the admin, under "Data requests"."""

    help = "Export all that the site keeps of one person as JSON, or erase the person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["export", "erase"])
        parser.add_argument("email", help="the address that the person uses")
        parser.add_argument(
            "--reason", default="", help="kept in the log of requests, so without an address"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="with erase: only tell what would be deleted"
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
        self.stdout.write(
            f"{count} entries erased. No list or import will write to the address again."
        )

    def _write(self, person: dict[str, list[Entry]]) -> None:
        self.stdout.write(json.dumps(person, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
