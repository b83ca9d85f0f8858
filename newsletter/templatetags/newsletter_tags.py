"""The newsletter on pages of other apps."""

from django import template

from newsletter.forms import SubscribeForm

register = template.Library()


@register.inclusion_tag("newsletter/band.html")
def newsletter_band() -> dict[str, object]:
    """The short form of the sign-up, on a band across the page."""
    # Its own ids: the page may have other fields of these names.
    return {"form": SubscribeForm(auto_id="band-%s")}
