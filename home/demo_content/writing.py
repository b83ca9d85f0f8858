"""Writes what a page's file says into the fields of the page, by the kind of each field."""

from contextlib import suppress
from typing import Any

from django.db.models import Field, ForeignKey, ManyToManyField, Model
from wagtail.blocks import ListBlock, PageChooserBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, TranslatableMixin

from core.models import BasePage
from tracker.models import YearlyReport

from .facts import Facts
from .page_files import PageFile
from .rich_text import rich_text

PagesByKey = dict[str, Page | None]
"""Every page loaded so far, now or earlier. None: staff deleted it."""


class PageGoneError(LookupError):
    """A text points to a page that staff deleted."""


class PageWriter:
    """Fills pages from their files. Links find their targets among `pages`."""

    RICH_FIELDS = (RichTextField, StreamField, ManyToManyField)

    def __init__(self, *, facts: Facts, pages: PagesByKey) -> None:
        self.facts = facts
        self.pages = pages

    def write_plain_fields(self, page: BasePage | YearlyReport, file: PageFile) -> None:
        """Set what refers to no other page, so that the page can take its place in the tree."""
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
                # Countries, by their codes. What is in no record is left out.
                setattr(page, name, field.related_model._default_manager.filter(iso3__in=value))
            elif not isinstance(field, Field):
                setattr(page, name, self._rows(page, field.related_model, value))

    def _rows(
        self, page: BasePage | YearlyReport, model: type[Model], written: list[dict[str, Any]]
    ) -> list[Model]:
        """The rows of a child relation, without those that point to a page that is gone."""
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
        """A block of a body is written as `- kind: value`. One that points to a page that is gone is left out."""
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
                return block.normalize(self._words(value))

    def _struct(self, block: StructBlock, value: Any) -> Any:
        if len(block.child_blocks) == 1:
            # A block of one field, as a heading is, is written as that field.
            value = dict.fromkeys(block.child_blocks, value)
        given = {name: self._value(block.child_blocks[name], v) for name, v in value.items()}
        return block.normalize({**block.get_default(), **given})

    def _table(self, block: TypedTableBlock, value: dict[str, Any]) -> Any:
        """A table is written as a caption, the headings of its columns, and rows of texts."""
        return block.normalize(
            {
                "caption": self._fill(value["caption"]),
                "columns": [{"type": "text", "heading": words} for words in value["columns"]],
                "rows": [{"values": [self._words(cell) for cell in row]} for row in value["rows"]],
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

    def _words(self, value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(f"{value!r} is read as no text: write it in quotes")
        return self.facts.fill(value)

    def _fill(self, value: Any) -> Any:
        return self.facts.fill(value) if isinstance(value, str) else value
