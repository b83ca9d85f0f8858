"""The addresses of the tracker, under each language."""

from django.urls import path

from .tracker.views import tracker_view

urlpatterns = [
    path("", tracker_view, name="tracker"),
]
