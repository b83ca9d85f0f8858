"""A page with every component, and the error pages, for developers. Served in development only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.defaults import page_not_found, server_error

from .blocks import BodyBlock

COLOURS = ("ink", "ink-soft", "paper", "sand", "hairline", "blue", "flame", "gold")


def components(request: HttpRequest) -> HttpResponse:
    blocks = [block.bind(block.get_preview_value()) for block in BodyBlock().child_blocks.values()]
    context = {"title": "Components", "blocks": blocks, "colours": COLOURS}
    return render(request, "core/style_guide.html", context)


def missing(request: HttpRequest) -> HttpResponse:
    return page_not_found(request, exception=Exception("style guide"))


urlpatterns: list[URLPattern] = [
    path("components/", components),
    path("404/", missing),
    path("500/", server_error),
]
