"""The language of a request, which its path alone determines."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin


def language_codes() -> tuple[str, ...]:
    """Return the codes of the languages of the site. The first has no prefix in its addresses."""
    return tuple(code for code, _name in settings.LANGUAGES)


def current_language() -> str:
    """Return the code of the active language without a country."""
    return (translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0]


class LanguageFromPathMiddleware(MiddlewareMixin):
    """Replaces Django's `LocaleMiddleware`.

    That one makes every page without a prefix vary on `Accept-Language`, although the header never selects English,
    which has no prefix: no cache could keep an English page.
    """

    def process_request(self, request: HttpRequest) -> None:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response
