"""Makes automatic redirects for addresses that were public, and for no others.

Wagtail makes one for every change of a slug. A draft is saved twice a second while its title is typed, which left a
dozen redirects from parts of a title to a page that nobody had seen.
"""

from typing import Any

from wagtail.contrib.redirects.apps import WagtailRedirectsAppConfig


class PublishedRedirectsConfig(WagtailRedirectsAppConfig):
    """Replaces Wagtail's own configuration in `INSTALLED_APPS`."""

    def ready(self) -> None:
        super().ready()
        from wagtail.contrib.redirects import signal_handlers  # noqa: PLC0415 - it needs the models.
        from wagtail.signals import page_slug_changed, post_page_move  # noqa: PLC0415

        page_slug_changed.disconnect(signal_handlers.autocreate_redirects_on_slug_change)
        page_slug_changed.connect(_after_slug_change)
        post_page_move.disconnect(signal_handlers.autocreate_redirects_on_page_move)
        post_page_move.connect(_after_move)


def _after_slug_change(instance_before: Any, instance: Any, **kwargs: Any) -> None:
    from wagtail.contrib.redirects import signal_handlers  # noqa: PLC0415

    if _had_public_address(instance_before):
        signal_handlers.autocreate_redirects_on_slug_change(instance_before, instance, **kwargs)


def _after_move(instance: Any, **kwargs: Any) -> None:
    from wagtail.contrib.redirects import signal_handlers  # noqa: PLC0415

    if _had_public_address(instance):
        signal_handlers.autocreate_redirects_on_page_move(instance, **kwargs)


def _had_public_address(page: Any) -> bool:
    """Return whether visitors could read the page or one below it."""
    return bool(page.live or page.get_descendants().live().exists())
