"""The jobs of this app, where the worker looks for them."""

from .reports.tasks import make_report_pdf

__all__ = ["make_report_pdf"]
