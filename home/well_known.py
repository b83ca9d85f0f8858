"""Files under `/.well-known/` that programs look for."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Locale

from contact.models import ContactPage
from core.metadata import absolute

# RFC 9116 recommends less than a year.
VALID_FOR = timedelta(days=180)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Serve `/.well-known/security.txt`: the contact for reports of vulnerabilities. RFC 9116."""
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {_contact()}",
        f"Expires: {midnight + VALID_FOR:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {absolute(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _contact() -> str:
    """Return the address in the settings, or else that of the contact page. Raises Http404 if there is neither."""
    if settings.SECURITY_CONTACT:
        return settings.SECURITY_CONTACT
    page = ContactPage.objects.live().public().filter(locale=Locale.get_default()).first()
    if page is None:
        raise Http404
    return absolute(page.url)
