"""Reads HTML as a visitor's browser would, for tests that ask what is on a page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Element:
    """An element with its attributes and what is in it. `text` is what is read, spaces collapsed."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list["Element | str"] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    @property
    def children(self) -> list["Element"]:
        return [part for part in self.parts if isinstance(part, Element)]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._texts()).split(" ")).strip()

    def find_all(self, tag: str) -> list["Element"]:
        return [element for element in self._descendants() if element.tag == tag]

    def find(self, tag: str) -> "Element":
        """The first; raises AssertionError where there is none."""
        found = self.find_all(tag)
        assert found, f"no <{tag}>"
        return found[0]

    def _descendants(self) -> Iterator["Element"]:
        for child in self.children:
            yield child
            yield from child._descendants()

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, Element):
                yield from part._texts()
            elif words := part.strip():
                yield words


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.path = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.path[-1].parts.append(element)
        if tag not in VOID:
            self.path.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.path.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            closed = self.path.pop()
            assert closed.tag == tag, f"<{closed.tag}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        self.path[-1].parts.append(data)


def parse(html: str) -> Element:
    """Raises AssertionError where tags are not closed in order. Optional end tags are not optional here."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert len(builder.path) == 1, f"<{builder.path[-1].tag}> is not closed"
    return builder.path[0]
