"""Hooks of the contact form in the Wagtail admin."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks
from wagtail.query import PageQuerySet

from core.models import User

from .permissions import may_read_messages, offered_permissions


@hooks.register("register_permissions")
def contact_permissions() -> QuerySet[Permission]:
    return offered_permissions()


@hooks.register("filter_form_submissions_for_user")
def readable_forms(user: User, pages: PageQuerySet) -> PageQuerySet:
    """Return the pages whose messages the user may read: all or none."""
    return pages if may_read_messages(user) else pages.none()
