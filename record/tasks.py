"""The jobs of this app."""

from procrastinate.contrib.django import app

from core.page_cache.triggers import drop_all_pages

from .models.trail import SHOW_CHANGES


@app.task(name=SHOW_CHANGES)
def show_changes() -> None:
    """Drop cached pages, so that they show changes that were held back until now."""
    drop_all_pages()
