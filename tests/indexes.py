"""Switches the indexes off that Wagtail updates after each save: of search, and of references between objects."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models.signals import post_save
from modelsearch.index import get_indexed_models
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.signal_handlers import (
    connect_reference_index_signal_handlers,
    disconnect_reference_index_signal_handlers,
)


def stop() -> None:
    """Update no index from now on."""
    for model in get_indexed_models():
        post_save.disconnect(post_save_signal_handler, sender=model)
    disconnect_reference_index_signal_handlers()


@contextmanager
def updated() -> Iterator[None]:
    """Update the indexes in the meantime."""
    for model in get_indexed_models():
        post_save.connect(post_save_signal_handler, sender=model)
    connect_reference_index_signal_handlers()
    try:
        yield
    finally:
        stop()
