"""The newsletter on pages of other apps."""

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
    """Return the short form of the sign-up, on a band across the page. It is the same for all who read a language."""
    return recall(("newsletter band", get_language()), _band)


def _band() -> SafeString:
    # Its own ids: the page may have other fields of these names.
    form = SubscribeForm(auto_id="band-%s")
    return render_to_string("newsletter/band.html", {"form": form})


@register.simple_tag
def issue_archive() -> str | None:
    """The path of the page of all issues in the reader's language; None where there is none."""
    return recall(("issue archive", get_language()), lambda: path_of_index(IssueIndexPage))


@register.simple_tag
def secretariat_address() -> str:
    """The e-mail address of those who help people whom the form does not."""
    return settings.NEWSLETTER_REPLY_TO or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
