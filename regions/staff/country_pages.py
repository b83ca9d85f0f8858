"""Keeps staff from copying the pages of countries, of which there is one in each language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from regions.models import CountryPage


@hooks.register("before_copy_page")
def one_page_a_country(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse, with the reason, a copy that would hold a second page of a country."""
    takes_pages_below = request.method == "POST" and "copy_subpages" in request.POST
    copied = page.get_descendants(inclusive=True) if takes_pages_below else Page.objects.page(page)
    if not copied.type(CountryPage).exists():
        return None
    messages.error(
        request,
        _(
            "A country has one page in a language, so it is not copied. To translate it, choose Translate."
        ),
    )
    return redirect("wagtailadmin_explore", page.get_parent().pk)
