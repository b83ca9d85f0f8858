"""The addresses under `/api/`, which have no language."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from .contract import api
from .docs import docs, openapi
from .problems import missing

urlpatterns = [
    path("v1/docs", docs, name="api_docs"),
    path("v1/openapi.json", openapi, name="api_openapi"),
    path("v1/", api.urls),
    path("v1", RedirectView.as_view(pattern_name="api:overview", permanent=True)),
    re_path("^.*$", missing),
]
