"""Pages of text: about, privacy, accessibility."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from core.blocks import BodyBlock
from core.models import BasePage


class StandardPage(BasePage):
    """A page of text, with others under it if needed."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    page_description = _("Text with pictures, tables and videos: about, privacy, accessibility.")
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage", "contact.ContactPage"]

    class Meta:
        verbose_name = _("standard page")
