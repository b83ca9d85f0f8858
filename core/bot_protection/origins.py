"""Forms are answered for this site's own pages only."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
View = Callable[..., HttpResponseBase]


def same_origin_only(view: View) -> View:
    """Turn away what a page of another site sends, with a page that says so. Takes the place of the CSRF token."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in SAFE_METHODS or comes_from_this_site(request):
            return view(request, *args, **kwargs)
        return render(request, "core/other_site.html", status=403)

    return guarded


def comes_from_this_site(request: HttpRequest) -> bool:
    """Whether the browser says that one of this site's own pages sent the request.

    `Sec-Fetch-Site` is asked first: no script can set it, and it holds behind a proxy that changes the host. Then
    `Origin`, which every browser in use sends with a POST, then `Referer`. What has none of the three comes from
    no page of another site but from a program, or through a proxy that removes them, and is let in: these forms
    act for nobody's session, so it gains nothing by forging, and the limits hold for it as for everyone.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # "none": the person did it, for instance by reloading the answer to a form.
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        referer = request.headers.get("Referer")
        if not referer:
            return True
        origin = _origin_of(referer)
    return origin in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}


def _origin_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
