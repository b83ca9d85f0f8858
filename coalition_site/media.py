"""Photographs from the local folder, for a site whose media are in no bucket.

Only the renditions are served. Originals keep what a camera wrote into them, and documents go through Wagtail's own
view, which knows who may read them.
"""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.static import serve

# Python 3.11 doesn't know them, and a browser that was told not to guess shows nothing of another type.
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")


# A rendition that changes gets another name.
@cache_control(public=True, max_age=365 * 24 * 3600, immutable=True)
def serve_rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    return serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / "images"))
