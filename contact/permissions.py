"""The permission to read messages from contact forms. Editing a contact page does not include it."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from core.models import User

CODENAME = "view_contactmessage"


def may_read_messages(user: User) -> bool:
    return user.has_perm(f"contact.{CODENAME}")


def offered_permissions() -> QuerySet[Permission]:
    """Return the permissions that groups of staff can be given."""
    return Permission.objects.filter(content_type__app_label="contact", codename=CODENAME)
