"""The current date of the site, in UTC whatever the time zone of the user.

The record changes at midnight UTC, so pages, forms and jobs must agree on the date.
"""

from datetime import date

from django.utils import timezone


def today() -> date:
    """Return the current date in UTC."""
    return timezone.now().date()
