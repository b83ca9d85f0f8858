"""Parses HTML for tests that check the content of a page."""

from html.parser import HTMLParser
from typing import Any, cast, overload

from bs4 import BeautifulSoup, Tag

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Element(Tag):
    """A BeautifulSoup tag with `text` as a reader sees it, and a `find` that fails the test if nothing matches."""

    @property
    def text(self) -> str:
        """The whole text in the element, with runs of spaces collapsed."""
        return self.get_text(" ", strip=True)

    @property
    def elements(self) -> list["Element"]:
        """The direct children."""
        return self.find_all(True, recursive=False)

    def __getitem__(self, name: str) -> str:
        return str(super().__getitem__(name))

    @overload  # type: ignore[override]
    def get(self, name: str, default: str) -> str: ...

    @overload
    def get(self, name: str, default: None = None) -> str | None: ...

    def get(self, name: str, default: str | None = None) -> str | None:
        return self[name] if name in self.attrs else default

    def find(self, *args: Any, **kwargs: Any) -> "Element":  # type: ignore[override]
        """Return the first match. Raises AssertionError if there is none."""
        found = super().find(*args, **kwargs)
        assert isinstance(found, Element), f"no {args or ''}{kwargs or ''}"
        return found

    def find_all(self, *args: Any, **kwargs: Any) -> list["Element"]:  # type: ignore[override]
        return cast("list[Element]", list(super().find_all(*args, **kwargs)))

    def select(self, *args: Any, **kwargs: Any) -> list["Element"]:  # type: ignore[override]
        return cast("list[Element]", list(super().select(*args, **kwargs)))


class _Nesting(HTMLParser):
    """Raises AssertionError if tags are not closed in order, which BeautifulSoup would silently repair."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.path.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.path, f"</{tag}> closes nothing"
            closed = self.path.pop()
            assert closed == tag, f"<{closed}> is closed by </{tag}>"


def parse(html: str) -> Element:
    """Parse HTML. Raises AssertionError if a tag is not closed in order, even where HTML permits that."""
    nesting = _Nesting()
    nesting.feed(html)
    nesting.close()
    assert not nesting.path, f"<{nesting.path[-1]}> is not closed"
    soup = BeautifulSoup(
        f"<document>{html}</document>",
        "html.parser",
        multi_valued_attributes=None,
        element_classes={Tag: Element},
    )
    document = soup.document
    assert isinstance(document, Element)
    return document
