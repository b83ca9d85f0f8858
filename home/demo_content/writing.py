"""Writes the contents of a page's file into the fields of the page, according to the type of each field.

Texts are written in a simple markup, which `rich_text` turns into Wagtail's: a blank line ends a paragraph; lines that
begin with `- ` are a list, with `1. ` a numbered list, with `### ` a heading; `**text**` is bold; `[text](target)`
links to a page of `contents.yaml`, to an address of this site (`/newsletter/`) or of another one (`https://…`).
"""

import re
from collections.abc import Callable
from contextlib import suppress
from html import escape
from typing import Any

from django.db.models import Field, ForeignKey, ManyToManyField, Model
from wagtail.blocks import ListBlock, PageChooserBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, TranslatableMixin

from core.models import BasePage
from tracker.models import YearlyReport

from .files import Facts, PageFile

LINK = re.compile(r"\[([^\]]+)\]\(([^)\s\"]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
LISTS = ((re.compile(r"^- ", re.MULTILINE), "ul"), (re.compile(r"^\d+\. ", re.MULTILINE), "ol"))

PageId = Callable[[str], int | None]
"""Returns the id of the page with a key, or None if staff deleted the page."""


def rich_text(source: str, *, page_id: PageId) -> str:
    """Return the source as HTML in the form that Wagtail stores."""
    blocks = re.split(r"\n\s*\n", source.strip())
    return "".join(_block(block.strip(), page_id) for block in blocks)


def _block(block: str, page_id: PageId) -> str:
    if block.startswith("### "):
        return f"<h3>{_inline(block[4:], page_id)}</h3>"
    for marker, tag in LISTS:
        if marker.match(block):
            items = (f"<li>{_inline(item, page_id)}</li>" for item in marker.split(block)[1:])
            return f"<{tag}>{''.join(items)}</{tag}>"
    return f"<p>{_inline(block, page_id)}</p>"


def _inline(text: str, page_id: PageId) -> str:
    html = escape(" ".join(text.split()), quote=False)
    html = BOLD.sub(r"<b>\1</b>", html)
    return LINK.sub(lambda match: _link(match[1], match[2], page_id), html)


def _link(text: str, target: str, page_id: PageId) -> str:
    if target.startswith(("/", "https://")):
        return f'<a href="{target}">{text}</a>'
    pk = page_id(target)
    return text if pk is None else f'<a linktype="page" id="{pk}">{text}</a>'


PagesByKey = dict[str, Page | None]
"""Every page loaded so far, in this run or earlier. None if staff deleted it."""


class PageGoneError(LookupError):
    """A text links to a page that staff deleted."""


class PageWriter:
    """Fills pages from their files. Links lead to pages in `pages`."""

    RICH_FIELDS = (RichTextField, StreamField, ManyToManyField)

    def __init__(self, *, facts: Facts, pages: PagesByKey) -> None:
        self.facts = facts
        self.pages = pages

    def write_plain_fields(self, page: BasePage | YearlyReport, file: PageFile) -> None:
        """Set the fields that refer to no other page, so that the page can be added to the tree."""
        for name, value in file.fields.items():
            field = page._meta.get_field(name)
            if isinstance(field, Field) and not isinstance(field, self.RICH_FIELDS):
                setattr(page, name, field.to_python(self._fill(value)))

    def write_rich_fields(self, page: BasePage | YearlyReport, file: PageFile) -> None:
        """Set texts, blocks and rows, which may link to any page."""
        for name, value in file.fields.items():
            field = page._meta.get_field(name)
            if isinstance(field, RichTextField):
                setattr(page, name, self._rich_text(value))
            elif isinstance(field, StreamField):
                stream = field.stream_block
                setattr(page, name, stream.clean(self._stream(stream, value)))
            elif isinstance(field, ManyToManyField):
                # Countries by their codes. Those that are not in the record are left out.
                setattr(page, name, field.related_model._default_manager.filter(iso3__in=value))
            elif not isinstance(field, Field):
                setattr(page, name, self._rows(page, field.related_model, value))

    def _rows(
        self, page: BasePage | YearlyReport, model: type[Model], written: list[dict[str, Any]]
    ) -> list[Model]:
        """Return the rows of a child relation without those that link to a page that is gone."""
        rows = []
        for values in written:
            with suppress(PageGoneError):
                row = self._row(model, values)
                if isinstance(row, TranslatableMixin):
                    row.locale = page.locale
                row.clean_fields(exclude={"page"})
                rows.append(row)
        return rows

    def _row(self, model: type[Model], values: dict[str, Any]) -> Model:
        row = model()
        for name, value in values.items():
            field = model._meta.get_field(name)
            if isinstance(field, ForeignKey):
                setattr(row, name, self._page(value).specific)
            elif isinstance(field, Field):
                setattr(row, name, field.to_python(self._fill(value)))
        return row

    def _stream(self, stream: StreamBlock, written: list[dict[str, Any]]) -> Any:
        """Return a body. Blocks are written `- kind: value`; those that link to a page that is gone are left out."""
        blocks = []
        for entry in written:
            ((kind, value),) = entry.items()
            with suppress(PageGoneError):
                blocks.append((kind, self._value(stream.child_blocks[kind], value)))
        return stream.normalize(blocks)

    def _value(self, block: Any, value: Any) -> Any:
        match block:
            case StructBlock():
                return self._struct(block, value)
            case ListBlock():
                return block.normalize([self._value(block.child_block, item) for item in value])
            case RichTextBlock():
                return block.normalize(self._rich_text(value))
            case PageChooserBlock():
                return self._page(value)
            case TypedTableBlock():
                return self._table(block, value)
            case _:
                return block.normalize(self._text(value))

    def _struct(self, block: StructBlock, value: Any) -> Any:
        if len(block.child_blocks) == 1:
            # A block with one field, such as a heading, is written as the value of that field.
            value = dict.fromkeys(block.child_blocks, value)
        given = {name: self._value(block.child_blocks[name], v) for name, v in value.items()}
        return block.normalize({**block.get_default(), **given})

    def _table(self, block: TypedTableBlock, value: dict[str, Any]) -> Any:
        """Return a table, which is written as a caption, the headings of its columns, and rows of texts."""
        return block.normalize(
            {
                "caption": self._fill(value["caption"]),
                "columns": [{"type": "text", "heading": text} for text in value["columns"]],
                "rows": [{"values": [self._text(cell) for cell in row]} for row in value["rows"]],
            }
        )

    def _page(self, key: str) -> Page:
        page = self.pages[key]
        if page is None:
            raise PageGoneError(key)
        return page

    def _page_id(self, key: str) -> int | None:
        page = self.pages[key]
        return page.pk if page else None

    def _rich_text(self, source: str) -> str:
        return rich_text(self._fill(source), page_id=self._page_id)

    def _text(self, value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is not text: put it in quotes")
        return self.facts.fill(value)

    def _fill(self, value: Any) -> Any:
        return self.facts.fill(value) if isinstance(value, str) else value
