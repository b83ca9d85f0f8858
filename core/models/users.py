"""The user model."""

from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal

from core.email_addresses import normalise_email

# Sent with `user` when a password changes in any way: by a form, a command, a link in a mail.
password_changed = Signal()
# Sent with `user` and `former`, the previous address.
email_changed = Signal()


class User(AbstractUser):
    """A member of staff. Extends Django's user, because swapping the model later is hard."""

    def clean(self) -> None:
        """Normalise the address, to which links for new passwords are mailed."""
        super().clean()
        if self.email:
            try:
                self.email = normalise_email(self.email)
            except ValidationError as error:
                raise ValidationError({"email": error}) from None

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        # `set_password` keeps a new password here until `save`. An upgrade of the hash alone does not.
        has_new_password = getattr(self, "_password", None) is not None and not self._state.adding
        former = self._stored_email(kwargs.get("update_fields"))
        super().save(*args, **kwargs)
        if has_new_password:
            password_changed.send(sender=User, user=self)
        if former and former.lower() != self.email.lower():
            email_changed.send(sender=User, user=self, former=former)

    def _stored_email(self, update_fields: Collection[str] | None) -> str | None:
        """Return the stored address, or None if the address is not saved."""
        if self._state.adding or (update_fields is not None and "email" not in update_fields):
            return None
        return User.objects.filter(pk=self.pk).values_list("email", flat=True).first()
