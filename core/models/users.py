"""People who sign in."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal

from core.email_addresses import normalise_email

# Sent with `user` when somebody's password has changed, by whatever way: a form, a command, a link in a mail.
password_changed = Signal()
# Sent with `user` and `former`, the address until now.
email_changed = Signal()


class User(AbstractUser):
    """A member of staff. Django's own user, swapped at the start so that it can grow later."""

    def clean(self) -> None:
        """Store the address in its one spelling: a link to a new password is mailed to it."""
        super().clean()
        if self.email:
            try:
                self.email = normalise_email(self.email)
            except ValidationError as error:
                raise ValidationError({"email": error}) from None

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        # `set_password` leaves the new one here until it is stored. A hash that is only renewed leaves none.
        has_new_password = getattr(self, "_password", None) is not None and not self._state.adding
        former = self._stored_email(kwargs.get("update_fields"))
        super().save(*args, **kwargs)
        if has_new_password:
            password_changed.send(sender=User, user=self)
        if former and former.lower() != self.email.lower():
            email_changed.send(sender=User, user=self, former=former)

    def _stored_email(self, update_fields: Collection[str] | None) -> str | None:
        """The address that is about to be replaced; None where the address is not saved."""
        if self._state.adding or (update_fields is not None and "email" not in update_fields):
            return None
        return User.objects.filter(pk=self.pk).values_list("email", flat=True).first()
