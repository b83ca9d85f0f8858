"""Reads HTML as a visitor's browser would, for tests that ask what is on a page."""

from html.parser import HTMLParser
from typing import Any, cast, overload

from bs4 import BeautifulSoup, Tag

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Element(Tag):
    """A BeautifulSoup tag whose text is what is read, and whose `find` fails the test where it finds none."""

    @property
    def text(self) -> str:
        """All text inside, spaces collapsed."""
        return self.get_text(" ", strip=True)

    @property
    def elements(self) -> list["Element"]:
        """The elements directly inside."""
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
        """Return the first match. Raises AssertionError where there is none."""
        found = super().find(*args, **kwargs)
        assert isinstance(found, Element), f"no {args or ''}{kwargs or ''}"
        return found

    def find_all(self, *args: Any, **kwargs: Any) -> list["Element"]:  # type: ignore[override]
        return cast("list[Element]", list(super().find_all(*args, **kwargs)))

    def select(self, *args: Any, **kwargs: Any) -> list["Element"]:  # type: ignore[override]
        return cast("list[Element]", list(super().select(*args, **kwargs)))


class _Nesting(HTMLParser):
    """Fails where tags are not closed in order, which BeautifulSoup would mend in silence."""

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
    """Raises AssertionError where tags are not closed in order. Optional end tags are not optional here."""
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
