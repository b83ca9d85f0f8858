"""Tags for pages of other apps: the sign-up form, and addresses of the newsletter."""

from email.utils import parseaddr

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core.feeds import path_of_index
from core.page_cache.memory import recall
from newsletter.forms import SubscribeForm
from newsletter.models import IssueIndexPage

register = template.Library()


@register.simple_tag
def newsletter_band() -> SafeString:
    """Render the short sign-up form, as a band across the page. It is the same for all readers of a language."""
    return recall(("newsletter band", get_language()), _band)


def _band() -> SafeString:
    # Prefixed ids, since the page may have other fields with these names.
    form = SubscribeForm(auto_id="band-%s")
    return render_to_string("newsletter/band.html", {"form": form})


@register.simple_tag
def issue_archive() -> str | None:
    """Return the path of the archive of issues in the active language; None if there is none."""
    return recall(("issue archive", get_language()), lambda: path_of_index(IssueIndexPage))


@register.simple_tag
def secretariat_address() -> str:
    """Return the e-mail address for people whom the form cannot help."""
    return settings.NEWSLETTER_REPLY_TO or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
