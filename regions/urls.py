"""The addresses of the tracker, under each language."""

from django.urls import path

from .reports.views import index_view, pdf_view, report_view
from .tracker.download import csv_view, dictionary_view
from .tracker.embed import embed_view
from .tracker.views import tracker_view

urlpatterns = [
    path("", tracker_view, name="tracker"),
    path("report/", index_view, name="tracker_reports"),
    path("report/<int:year>/", report_view, name="tracker_report"),
    path("report/<int:year>.pdf", pdf_view, name="tracker_report_pdf"),
    path("countries.csv", csv_view, name="tracker_csv"),
    path("data-dictionary/", dictionary_view, name="tracker_dictionary"),
    path("embed/", embed_view, name="tracker_embed"),
]
