"""People who sign in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A member of staff. Django's own user, swapped at the start so that it can grow later."""
