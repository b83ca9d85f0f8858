"""The jobs of this app, where the worker looks for them."""

from procrastinate.contrib.django import app

from coalition_site.core.page_cache.triggers import drop_all_pages

from .record import TELL_CHANGES
from .reports.tasks import make_report_pdf

__all__ = ["make_report_pdf", "tell_changes"]


@app.task(name=TELL_CHANGES)
def tell_changes() -> None:
    """Show the changes that were held back until now on the pages that the workers have cached."""
    drop_all_pages()
