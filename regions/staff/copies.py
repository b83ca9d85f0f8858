"""Keeps staff from copying the pages of regions and countries, of which there is one each in a language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from regions.models import CountryPage, RegionPage


@hooks.register("before_copy_page")
def refuse_second_pages(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse, with the reason, a copy that would hold a second page of a region or a country."""
    takes_pages_below = request.method == "POST" and "copy_subpages" in request.POST
    copied = page.get_descendants(inclusive=True) if takes_pages_below else Page.objects.page(page)
    if copied.type(RegionPage).exists():
        reason = _(
            "A region has one page in a language, so it is not copied. To translate it, choose Translate."
        )
    elif copied.type(CountryPage).exists():
        reason = _(
            "A country has one page in a language, so it is not copied. To translate it, choose Translate."
        )
    else:
        return None
    messages.error(request, reason)
    return redirect("wagtailadmin_explore", page.get_parent().pk)
