"""Keeps the public version of a page or record, so that it can be compared and restored."""

from typing import Any, Self

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Revision

LOG_ACTION = "core.keep_version"


class LiveVersionMixin:
    """Comes before Wagtail's `DraftStateMixin` or `Page` in the bases of a model.

    Wagtail keeps revisions of what is saved in the admin only. Objects written by code had none: their first edit could
    not be undone, and scheduling a change took a page offline until that time, because `live_revision` was empty.
    """

    # Attributes of the model.
    pk: Any
    live: bool
    live_revision: Revision | None
    live_revision_id: int | None
    _base_manager: Any

    @transaction.atomic
    def keep_version(self, *, user: Any = None) -> Revision:
        """Save the object as a revision, the live one if the object is live, and list it in its history."""
        revision: Revision = super().save_revision(user=user, changed=False, clean=False)  # type: ignore[misc]
        if self.live:
            self.live_revision = revision
            type(self)._base_manager.filter(pk=self.pk).update(live_revision=revision)
        # Wagtail offers actions on a version only for log entries that changed the content.
        log(instance=self, action=LOG_ACTION, user=user, revision=revision, content_changed=True)
        return revision

    @transaction.atomic
    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Save a revision, after keeping the public version if it has no revision yet."""
        public = self._public_without_version()
        if public is not None:
            self.live_revision = public.keep_version()
        revision: Revision = super().save_revision(*args, **kwargs)  # type: ignore[misc]
        return revision

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """Return the object with the content of a revision, but with its own live revision.

        Wagtail takes `live_revision` from the revision: one saved before the object went live would take it offline
        when scheduled.
        """
        restored: Self = super().with_content_json(content)  # type: ignore[misc]
        restored.live_revision_id = self.live_revision_id if self.live else None
        return restored

    def _public_without_version(self) -> Self | None:
        """Return the public object if it was published and has no live revision, or else None.

        The admin saves a new page before its first revision and may schedule it: such a page was never published.
        """
        rows = type(self)._base_manager.filter(
            pk=self.pk, live=True, live_revision=None, first_published_at__isnull=False
        )
        return rows.first()
