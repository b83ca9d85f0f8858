"""What this app adds to the Wagtail admin."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.query import PageQuerySet

READ_MESSAGES = "view_contactmessage"


@hooks.register("register_permissions")
def may_read_messages() -> QuerySet[Permission]:
    """Offered for groups of staff."""
    return Permission.objects.filter(content_type__app_label="contact", codename=READ_MESSAGES)


@hooks.register("filter_form_submissions_for_user")
def messages_for_those_who_may(user: Any, pages: PageQuerySet) -> PageQuerySet:
    """Editing a contact page is not enough to read what people wrote with it."""
    return pages if user.has_perm(f"contact.{READ_MESSAGES}") else pages.none()
