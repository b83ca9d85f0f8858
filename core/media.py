"""Files as visitors get them: pictures from the local folder where there is no bucket, documents, and the icon.

Of pictures, only the renditions are served.
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

# Python 3.11 doesn't know them, and a browser that was told not to guess shows nothing of another type.
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")


# A rendition that changes gets another name.
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def serve_rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture of a page. 404 for a path that leads out of the folder, as for one that leads nowhere."""
    try:
        return serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / "images"))
    except SuspiciousFileOperation:
        raise Http404 from None


def serve_document(request: HttpRequest, document_id: int, file_name: str) -> HttpResponseBase:
    """A document, by Wagtail's view, which knows who may read it.

    What not everybody may read is kept by nobody on the way, and neither is the question for its password.
    """
    response: HttpResponseBase = documents.serve(request, document_id, file_name)
    if (
        response.headers.get("Content-Encoding") == "None"
    ):  # As Wagtail says of a file that is not compressed.
        del response.headers["Content-Encoding"]
    document = CoalitionDocument.objects.select_related("collection").get(pk=document_id)
    if document.collection.get_view_restrictions():
        response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def favicon(request: HttpRequest) -> HttpResponse:
    """`/favicon.ico`, where browsers and feed readers look. Redirects, as the file's name changes with the icon."""
    return redirect(static("img/mark-180.png"))
