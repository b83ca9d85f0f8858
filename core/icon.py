"""The icon of the site for what can't name one: text, feeds and documents."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def favicon(request: HttpRequest) -> HttpResponse:
    """`/favicon.ico`, where browsers and feed readers look. Redirects, as the file's name changes with the icon."""
    return redirect(static("img/mark-180.png"))
