"""What a person agrees to, and how the circumstances are kept."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.bot_protection import client_address
from core.keyed_hashes import keyed_hash

# Change both together: a version stands for one wording.
WORDING_VERSION = "2026-11"
WORDING = _(
    "I agree that the Coalition for the International Criminal Court sends me its newsletter by e-mail. "
    "I can leave with one click at any time."
)

PAGE_LENGTH = 200


@dataclass(frozen=True)
class Circumstances:
    """From which page and client something was asked. Both empty: by the secretariat itself or by a timed job.

    `page` is the name of a route (`newsletter:preferences`), never the path: the path of a link in a mail holds the
    token that opens a person's page.
    """

    page: str = ""
    client_key: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The page that the form stood on, where the browser tells it, and the hash of the client's address."""
        path = request.path_info
        referer = request.headers.get("Referer", "")
        if referer.startswith(f"{request.scheme}://{request.get_host()}/"):
            path = unquote(urlsplit(referer).path)
        client = client_address(request)
        return cls(
            page=_route_of(path)[:PAGE_LENGTH],
            client_key=keyed_hash(client, purpose="consent") if client else "",
        )


def _route_of(path: str) -> str:
    """The name of the route that answers `path`, or the path of a page of the tree; empty where nothing answers."""
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return ""
    # The paths of pages in the tree consist of slugs. A token has dots, which this route does not take.
    return path if match.view_name == "wagtail_serve" else match.view_name
