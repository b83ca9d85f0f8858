"""The addresses of the tracker, below each language."""

from django.urls import path, register_converter

from record.country_codes import Iso3Converter

from .changes import ChangesFeed, changes_view
from .download import csv_view, dictionary_view
from .reports.views import index_view, pdf_view, report_view
from .views import embed_view, tracker_view

register_converter(Iso3Converter, "iso3")

urlpatterns = [
    path("", tracker_view, name="tracker"),
    path("report/", index_view, name="tracker_reports"),
    path("report/<int:year>/", report_view, name="tracker_report"),
    path("report/<int:year>.pdf", pdf_view, name="tracker_report_pdf"),
    path("changes/", changes_view, name="tracker_changes"),
    path("changes.atom", ChangesFeed(), name="tracker_changes_feed"),
    path("changes/<iso3:iso3>.atom", ChangesFeed(), name="tracker_country_feed"),
    path("countries.csv", csv_view, name="tracker_csv"),
    path("data-dictionary/", dictionary_view, name="tracker_dictionary"),
    path("embed/", embed_view, name="tracker_embed"),
]
