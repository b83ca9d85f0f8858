"""Redirects from moved addresses that keep the query string."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect


class QueryKeepingRedirectMiddleware(RedirectMiddleware):
    """Wagtail's middleware, but keeps the query string of the request, which Wagtail drops.

    A redirect that staff entered with a query string matches only that one, and keeps its target unchanged.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        answer: HttpResponseBase = super().process_response(request, response)
        if answer is response or not isinstance(answer, HttpResponseRedirectBase):
            return answer
        query = request.META.get("QUERY_STRING", "")
        if query and not _is_entered_with(request):
            answer["Location"] = with_query(answer["Location"], query)
        return answer


def with_query(address: str, query: str) -> str:
    """Return the address with the query string added after its own and before its fragment."""
    if not query:
        return address
    base, hash_mark, fragment = address.partition("#")
    return iri_to_uri(f"{base}{'&' if '?' in base else '?'}{query}{hash_mark}{fragment}")


def _is_entered_with(request: HttpRequest) -> bool:
    """Return whether there is a redirect for this path with its query string, which Wagtail tries first."""
    path = Redirect.normalise_path(request.get_full_path())
    return "\0" not in path and Redirect.objects.filter(old_path=path).exists()
