"""The wording of consent, and the circumstances of an event in its ledger."""

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

# Change both together: a version identifies one wording.
WORDING_VERSION = "2026-11"
WORDING = _(
    "I agree that the Coalition for the International Criminal Court sends me its newsletter by e-mail. "
    "I can leave with one click at any time."
)

PAGE_LENGTH = 200


@dataclass(frozen=True)
class Circumstances:
    """The page and client from which a person acted. Both are empty if the secretariat or a periodic job acted.

    `page` is the name of a route (`newsletter:preferences`), never its path, which in links of mails contains the token
    that opens a person's page.
    """

    page: str = ""
    client_key: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Return the page of the form, from the Referer header if sent, and the hash of the client's IP address."""
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
    """Return the name of the route of `path`, the path itself for a page of the tree, or "" if no route matches."""
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return ""
    # Paths of pages consist of slugs, so none can contain a token, which has dots.
    return path if match.view_name == "wagtail_serve" else match.view_name
