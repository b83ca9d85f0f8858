"""The day of the site: UTC, whatever the time zone of who reads or writes it.

The record changes at midnight UTC, so a page, a form of staff and a job must not differ on which day it is.
"""

from datetime import date

from django.utils import timezone


def today() -> date:
    """Return the present day, UTC."""
    return timezone.now().date()
