"""Where the script fetches its puzzle."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .proof_of_work import new_challenge


@require_safe
@never_cache
def challenge(request: HttpRequest) -> JsonResponse:
    """A fresh ALTCHA challenge."""
    return JsonResponse(new_challenge())
