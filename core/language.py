"""The language of a request is that of its address, and of nothing else."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin


def language_codes() -> tuple[str, ...]:
    """Return the codes of the languages of the site, the first being that of the addresses without a prefix."""
    return tuple(code for code, _name in settings.LANGUAGES)


def current_language() -> str:
    """The code, without a country, of the language in which the reader is answered."""
    return (translation.get_language() or settings.LANGUAGE_CODE).partition("-")[0]


class LanguageFromPathMiddleware(MiddlewareMixin):
    """Stands in for Django's `LocaleMiddleware`.

    That one lets every page without a prefix vary on `Accept-Language`, although English, which has none, is
    never chosen by it: no cache, ours or another, could keep an English page.
    """

    def process_request(self, request: HttpRequest) -> None:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response
