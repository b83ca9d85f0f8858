"""How a request for an address that moved is redirected."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect


class QueryKeepingRedirectMiddleware(RedirectMiddleware):
    """Wagtail's middleware, which drops the query string of the address that was asked for.

    A redirect that was entered with a query string matches that one alone, and leads where it says.
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
    """Return the address with the query string behind its own, and before its fragment."""
    if not query:
        return address
    base, hash_mark, fragment = address.partition("#")
    return iri_to_uri(f"{base}{'&' if '?' in base else '?'}{query}{hash_mark}{fragment}")


def _is_entered_with(request: HttpRequest) -> bool:
    """Whether the redirect was found by path and query string together, as Wagtail tries first."""
    path = Redirect.normalise_path(request.get_full_path())
    return "\0" not in path and Redirect.objects.filter(old_path=path).exists()
