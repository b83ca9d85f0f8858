"""The jobs of this app, where the worker looks for them."""

from procrastinate.contrib.django import app

from core.page_cache.triggers import drop_all_pages

from .models.trail import TELL_CHANGES


@app.task(name=TELL_CHANGES)
def tell_changes() -> None:
    """Show the changes that were held back until now on the pages that the workers have cached."""
    drop_all_pages()
