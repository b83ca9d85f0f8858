"""The blocks that editors can put into the body of a page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageBlock

from .embeds import EmbedBlock
from .links import LinkBlock

RICH_TEXT_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "link", "document-link"]
INLINE_FEATURES = ["bold", "italic", "link"]

TEXT = _("Text")
MEDIA = _("Media")
FACTS = _("Facts")
ACTION = _("Action")


class HeadingValue(blocks.StructValue):
    """A heading with its anchor."""

    @property
    def anchor(self) -> str:
        return slugify(self.get("text") or "", allow_unicode=True)


class HeadingBlock(blocks.StructBlock):
    """A heading of the page. Headings inside a text block are one level lower."""

    text = blocks.CharBlock(label=_("Text"), max_length=150)

    class Meta:
        icon = "h2"
        label = _("Heading")
        group = TEXT
        description = _("Starts a section of the page, with an address of its own to link to.")
        template = "core/blocks/heading.html"
        value_class = HeadingValue
        preview_value = {"text": _("What states promised")}


class QuoteBlock(blocks.StructBlock):
    """A quotation with its author, place and source."""

    text = blocks.TextBlock(label=_("Text"))
    attribution = blocks.CharBlock(label=_("Attribution"), max_length=150)
    role = blocks.CharBlock(label=_("Role, place and date"), max_length=200, required=False)
    source = blocks.URLBlock(label=_("Source"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        group = TEXT
        description = _("Someone’s own words, always attributed.")
        template = "core/blocks/quote.html"
        preview_value = {
            "text": _(
                "Determined to put an end to impunity for the perpetrators of these crimes and thus to "
                "contribute to the prevention of such crimes"
            ),
            "attribution": _("Rome Statute"),
            "role": _("Preamble, 17 July 1998"),
        }


class FigureBlock(blocks.StructBlock):
    """A picture with caption, credit and alternative text."""

    image = ImageBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        group = MEDIA
        description = _("A picture with alternative text, or marked as decorative.")
        template = "core/blocks/figure.html"

    def get_preview_value(self) -> Any:
        """Return the newest picture of the library, because a preview needs a real one."""
        image = get_image_model().objects.order_by("-pk").first()
        if image is None:
            return self.normalize(
                {"image": None, "caption": _("Upload a picture to see this block.")}
            )
        return self.normalize(
            {
                "image": {
                    "image": image,
                    "decorative": not image.description,
                    "alt_text": image.description,
                },
                "caption": image.title,
            }
        )


class FactBlock(blocks.StructBlock):
    """A figure and what it counts."""

    figures = ("value",)  # Shared by all languages: see `core/translations/sharing.py`.

    value = blocks.CharBlock(label=_("Figure"), max_length=30)
    label = blocks.CharBlock(label=_("Label"), max_length=120)


class KeyFactsBlock(blocks.StructBlock):
    """Figures in large type, with their source and date."""

    facts = blocks.ListBlock(FactBlock(), label=_("Facts"), min_num=1, max_num=6)
    source = blocks.CharBlock(
        label=_("Source and date"), max_length=200, help_text=_("Every figure needs both.")
    )

    class Meta:
        icon = "order"
        label = _("Key facts")
        group = FACTS
        description = _("Up to six figures in large type, with their source and date.")
        template = "core/blocks/key_facts.html"
        preview_value = {
            "facts": [
                {"value": "120", "label": _("states voted for the Rome Statute")},
                {"value": "7", "label": _("states voted against")},
                {"value": "21", "label": _("states abstained")},
            ],
            "source": _("Rome conference, 17 July 1998"),
        }


class CallToActionBlock(blocks.StructBlock):
    """An action for the reader, with a link."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), required=False)
    link = LinkBlock(label=_("Link"))

    class Meta:
        icon = "pick"
        label = _("Call to action")
        group = ACTION
        description = _("One thing the reader can do, with a link.")
        template = "core/blocks/call_to_action.html"
        preview_value = {
            "heading": _("See where your country stands"),
            "text": _("Ask your government to arrest those whom the Court seeks."),
            "link": {"text": _("Act now"), "url": "https://www.example.org/"},
        }


class AccordionItemBlock(blocks.StructBlock):
    """A part with a title and a text, such as a question and its answer."""

    title = blocks.CharBlock(label=_("Title"), max_length=150)
    text = blocks.RichTextBlock(label=_("Text"), features=[*INLINE_FEATURES, "ol", "ul"])


class AccordionBlock(blocks.StructBlock):
    """Parts that expand one by one."""

    parts = blocks.ListBlock(AccordionItemBlock(), label=_("Parts"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Accordion")
        group = TEXT
        description = _(
            "Questions and answers that expand one at a time. They work without JavaScript."
        )
        template = "core/blocks/accordion.html"
        preview_value = {
            "parts": [
                {
                    "title": _("Who can be tried?"),
                    "text": _(
                        "<p>Persons over 18 at the time of the crime. The Court does not try states.</p>"
                    ),
                },
                {
                    "title": _("For which crimes?"),
                    "text": _(
                        "<p>Genocide, crimes against humanity, war crimes and aggression.</p>"
                    ),
                },
            ]
        }


class TableBlock(TypedTableBlock):
    """Rows and columns with a caption."""

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if not result.caption:
            # Shown above the block, because the input of the caption shows no errors.
            raise ValidationError(_("Give the table a caption that says what it shows."))
        return result


class DocumentBlock(blocks.StructBlock):
    """A file to download."""

    document = DocumentChooserBlock(label=_("Document"))
    description = blocks.CharBlock(label=_("Description"), max_length=300, required=False)

    class Meta:
        icon = "doc-full"
        label = _("Document")
        group = MEDIA
        description = _("A file to download, with its kind and size.")
        template = "core/blocks/document.html"

    def get_preview_value(self) -> Any:
        """Return the newest document of the library, because a preview needs a real one."""
        document = get_document_model().objects.order_by("-pk").first()
        if document is None:
            description = _("Upload a document to see this block.")
        else:
            description = _("What the document is about.")
        return self.normalize({"document": document, "description": description})


def table_block() -> TableBlock:
    return TableBlock(
        [
            ("text", blocks.CharBlock(label=_("Text"), required=False)),
            ("number", blocks.DecimalBlock(label=_("Number"), required=False)),
            (
                "rich_text",
                blocks.RichTextBlock(
                    label=_("Text with links"), required=False, features=INLINE_FEATURES
                ),
            ),
        ],
        icon="table",
        label=_("Table"),
        group=FACTS,
        description=_("Rows and columns with a caption and a heading for each column."),
        template="core/blocks/table.html",
        preview_value={
            "columns": [
                {"type": "text", "heading": _("Vote")},
                {"type": "number", "heading": _("States")},
            ],
            "rows": [
                {"values": [_("For"), 120]},
                {"values": [_("Against"), 7]},
                {"values": [_("Abstained"), 21]},
            ],
            "caption": _("The vote on the Rome Statute, 17 July 1998"),
        },
    )


class BodyBlock(blocks.StreamBlock):
    """The body of a page."""

    text = blocks.RichTextBlock(
        features=RICH_TEXT_FEATURES,
        icon="pilcrow",
        label=TEXT,
        group=TEXT,
        description=_("Paragraphs, lists and links."),
        template="core/blocks/text.html",
        preview_value=_(
            "<p>The Court acts where states <b>cannot or will not</b>. "
            "It depends on them for arrests, protection and money.</p>"
        ),
    )
    heading = HeadingBlock()
    quote = QuoteBlock()
    accordion = AccordionBlock()
    figure = FigureBlock()
    embed = EmbedBlock()
    document = DocumentBlock()
    key_facts = KeyFactsBlock()
    table = table_block()
    call_to_action = CallToActionBlock()

    class Meta:
        required = False
        template = "core/blocks/body.html"

    def clean(self, value: Any) -> Any:
        """Raise a validation error for a heading with the same anchor as an earlier one."""
        result = super().clean(value)
        anchors: set[str] = set()
        errors = {}
        for position, block in enumerate(result):
            if block.block_type != "heading" or not block.value.anchor:
                continue
            if block.value.anchor in anchors:
                errors[position] = ValidationError(
                    _("The page already has this heading, so links could not tell them apart.")
                )
            anchors.add(block.value.anchor)
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return result
