"""Lets a user in who has lost their phone, security keys and recovery codes."""

import logging
from argparse import ArgumentParser
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core.models import User
from core.sign_in import notices
from core.sign_in.sessions import end_sessions

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Remove the authenticator app, keys and recovery codes of one user, and end their sessions. The next sign-in "
        "requires the password only, and then a new second factor: verify who requests this."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        try:
            user = User.objects.get(username=username)
        except User.DoesNotExist as error:
            raise CommandError(f"Nobody has the user name “{username}”.") from error
        with transaction.atomic():
            count, _ = Authenticator.objects.filter(user=user).delete()
            sessions = end_sessions(user)
            notices.queue_notice([user.pk], notices.SECOND_FACTOR_RESET)
        logger.warning("second_factor.reset", extra={"user": user.pk, "count": count})
        self.stdout.write(f"{count} removed. {sessions} sessions ended.")
