"""The day of the record, whatever the time zone of who reads or writes it."""

from datetime import date

from django.utils import timezone


def today() -> date:
    """The present day, UTC."""
    return timezone.now().date()
