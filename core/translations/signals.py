"""What follows when a page is published or translated."""

from typing import Any

from wagtail.models import GroupPagePermission, Page
from wagtail.signals import copy_for_translation_done, page_published

from .sharing import share_values


def connect() -> None:
    """Watch publications and translations. Called when Django starts."""
    page_published.connect(_after_publish, dispatch_uid="share_values")
    copy_for_translation_done.connect(_after_translation, dispatch_uid="share_rights")


def _after_publish(instance: Page, **kwargs: Any) -> None:
    share_values(instance)


def _after_translation(source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    """Let whoever holds rights on a page, as the team of a region, hold them on its translation."""
    if not isinstance(source_obj, Page):
        return
    rights = GroupPagePermission.objects.filter(page=source_obj.pk)
    GroupPagePermission.objects.bulk_create(
        (
            GroupPagePermission(group_id=group, page_id=target_obj.pk, permission_id=permission)
            for group, permission in rights.values_list("group", "permission")
        ),
        ignore_conflicts=True,
    )
