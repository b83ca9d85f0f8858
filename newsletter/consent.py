"""What a person agrees to, and how the circumstances are kept."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coalition_site.core.bot_protection import client_address
from coalition_site.core.keyed_hashes import keyed_hash

# Change both together: a version stands for one wording.
WORDING_VERSION = "2026-11"
WORDING = _(
    "I agree that the Coalition for the International Criminal Court sends me its newsletter by e-mail. "
    "I can leave with one click at any time."
)

PAGE_LENGTH = 200


@dataclass(frozen=True)
class Circumstances:
    """From which page and client something was asked. Both empty: by the secretariat itself or by a timed job."""

    page: str = ""
    client_key: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """The page that the form stood on, where the browser tells it, and the hash of the client's address."""
        page = request.path
        referer = request.headers.get("Referer", "")
        if referer.startswith(f"{request.scheme}://{request.get_host()}/"):
            page = urlsplit(referer).path
        client = client_address(request)
        return cls(
            page=page[:PAGE_LENGTH],
            client_key=keyed_hash(client, purpose="consent") if client else "",
        )
