"""Keeps the version of a page or a record that is public, so that it can be compared and brought back."""

from typing import Any, Self

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Revision

LOG_ACTION = "core.keep_version"


class LiveVersionMixin:
    """Stands before Wagtail's `DraftStateMixin`, or `Page`, among the bases of a model.

    Wagtail keeps what is saved in the admin. What code wrote has no revision: the first edit could not be undone, and
    scheduling a change took the page offline until its hour, because `live_revision` was empty.
    """

    # Of the model that it is a part of.
    pk: Any
    live: bool
    live_revision: Revision | None
    live_revision_id: int | None
    _base_manager: Any

    @transaction.atomic
    def keep_version(self, *, user: Any = None) -> Revision:
        """Keep what the object says now as a revision, the public one if the object is live, and list it in History."""
        revision: Revision = super().save_revision(user=user, changed=False, clean=False)  # type: ignore[misc]
        if self.live:
            self.live_revision = revision
            type(self)._base_manager.filter(pk=self.pk).update(live_revision=revision)
        # Wagtail lists what can be done with a version beside an entry that changed the content.
        log(instance=self, action=LOG_ACTION, user=user, revision=revision, content_changed=True)
        return revision

    @transaction.atomic
    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Save a revision; first of all, keep the version that is public if there is none of it yet."""
        public = self._public_without_version()
        if public is not None:
            self.live_revision = public.keep_version()
        revision: Revision = super().save_revision(*args, **kwargs)  # type: ignore[misc]
        return revision

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """Take the content of a revision. Which version is public belongs to the object, and not to its revisions.

        Wagtail reads it from the revision: one that was saved before the object went live would take it offline when
        it is scheduled.
        """
        restored: Self = super().with_content_json(content)  # type: ignore[misc]
        restored.live_revision_id = self.live_revision_id if self.live else None
        return restored

    def _public_without_version(self) -> Self | None:
        """The object as visitors see it, if it was published and no revision of that is known.

        The admin saves a new page before its first revision, and may schedule it: that one was never published.
        """
        rows = type(self)._base_manager.filter(
            pk=self.pk, live=True, live_revision=None, first_published_at__isnull=False
        )
        return rows.first()
