"""Views of files: renditions of pictures, if they are in a local folder and no bucket, documents, and the icon.

Originals of pictures are never served.
"""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve
from wagtail.documents.views import serve as documents

from .models import CoalitionDocument

# Python 3.11 lacks these types, and browsers with `nosniff` show no picture of another type.
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")


# A changed rendition has a new name.
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def serve_rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a rendition. Raises Http404 for a path outside the folder, as for a missing file."""
    try:
        return serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / "images"))
    except SuspiciousFileOperation:
        raise Http404 from None


def serve_document(request: HttpRequest, document_id: int, file_name: str) -> HttpResponseBase:
    """Serve a document by Wagtail's view, which checks who may read it.

    Proxies may cache neither restricted documents nor the form for their password.
    """
    response: HttpResponseBase = documents.serve(request, document_id, file_name)
    if (
        response.headers.get("Content-Encoding") == "None"
    ):  # Wagtail sets it for uncompressed files.
        del response.headers["Content-Encoding"]
    document = CoalitionDocument.objects.select_related("collection").get(pk=document_id)
    if document.collection.get_view_restrictions():
        response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def favicon(request: HttpRequest) -> HttpResponse:
    """Redirect `/favicon.ico`, which browsers and feed readers request, to the icon, whose name has its hash."""
    return redirect(static("img/mark-180.png"))
