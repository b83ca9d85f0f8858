"""A link to a page of the site, a document or another site."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.models import Page

from core.page_cache.site import use_site_roots

TARGETS = ("page", "document", "url")


def in_reader_language(page: Page) -> Page:
    """Return the published translation of a page in the active language, or else the page itself.

    Links of a translated page still lead to the pages chosen in its original. In the first language of the site, in
    which editors choose them, the database is not queried.
    """
    language = get_language()
    if language in {None, settings.LANGUAGE_CODE}:
        return page
    translations = Page.objects.filter(translation_key=page.translation_key).live()
    return translations.filter(locale__language_code=language).first() or page


def address_of(page: Page) -> str:
    """Return the address of a page in the reader's language without a request; empty if it is outside the site."""
    page = in_reader_language(page)
    use_site_roots(page)
    return page.url or ""


class LinkValue(blocks.StructValue):
    """The text and the target of a link."""

    @property
    def href(self) -> str:
        """Return the address; empty if the page or document is gone."""
        return self.address()

    def address(self, request: HttpRequest | None = None) -> str:
        """Return the same as `href`. With a request, its cached site roots are used."""
        if (page := self.get("page")) and page.live:
            return in_reader_language(page).get_url(request) or ""
        if document := self.get("document"):
            return document.url
        return self.get("url") or ""


class LinkBlock(blocks.StructBlock):
    """A text and exactly one target."""

    text = blocks.CharBlock(label=_("Text"), max_length=80)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    document = DocumentChooserBlock(label=_("Document"), required=False)
    url = blocks.URLBlock(label=_("Address on another site"), required=False)

    class Meta:
        icon = "link"
        label = _("Link")
        value_class = LinkValue

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if sum(bool(result.get(target)) for target in TARGETS) != 1:
            error = ValidationError(_("Choose exactly one: a page, a document or an address."))
            raise StructBlockValidationError({"page": error})
        return result
