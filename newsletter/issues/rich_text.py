"""Rich text as programs of mail show it: with whole addresses and styles on the elements, or as plain text."""

from collections.abc import Iterable
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi
from wagtail.rich_text import RichText, expand_db_html

from core.stylesheet import colour

STYLES = {
    "p": "margin: 0 0 16px;",
    "h3": "margin: 24px 0 8px; font-family: 'Source Serif 4', 'Noto Naskh Arabic', Georgia, serif;"
    " font-size: 18px; line-height: 1.3;",
    "li": "margin: 0 0 6px;",
    "a": f"color: {colour('blue')};",
}
# Outlook knows no logical properties.
LIST_STYLES = {
    False: "margin: 0 0 16px; padding: 0 0 0 24px;",
    True: "margin: 0 0 16px; padding: 0 24px 0 0;",
}
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "div", "blockquote"}


def mail_html(text: RichText | str, *, base: str) -> SafeString:
    """The text for the HTML part. `base` is the address from which relative links go."""
    soup = _parse(text, base)
    for element in soup.find_all(True):
        style = STYLES.get(element.name)
        if element.name in {"ul", "ol"}:
            style = LIST_STYLES[get_language_bidi()]
        if style:
            element["style"] = style
        if element.name == "a":
            element["class"] = "link"
    # Wagtail let nothing into the text that its editor does not offer.
    return mark_safe(str(soup))  # noqa: S308


def plain_text(text: RichText | str, *, base: str) -> str:
    """The text for the plain part: paragraphs with an empty line between, links as `words (address)`."""
    return "\n\n".join(_paragraphs(_parse(text, base).children))


def _parse(text: RichText | str, base: str) -> BeautifulSoup:
    source = text.source if isinstance(text, RichText) else text
    soup = BeautifulSoup(expand_db_html(source), "html.parser")
    for link in soup.find_all("a"):
        if href := link.get("href"):
            link["href"] = urljoin(base, str(href))
        else:
            # Its page is gone.
            link.unwrap()
    return soup


def _paragraphs(nodes: Iterable[PageElement]) -> Iterable[str]:
    """The blocks among the nodes as paragraphs; what stands between them is one, too."""
    loose = ""
    for node in nodes:
        if isinstance(node, Tag) and node.name in BLOCKS:
            if words := _tidy(loose):
                yield words
            loose = ""
            if words := _block(node):
                yield words
        else:
            loose += _inline(node)
    if words := _tidy(loose):
        yield words


def _block(element: Tag) -> str:
    if element.name in {"ul", "ol"}:
        return "\n".join(_list_lines(element))
    return _tidy("".join(_inline(child) for child in element.children))


def _list_lines(element: Tag, indent: str = "") -> Iterable[str]:
    for number, item in enumerate(element.find_all("li", recursive=False), start=1):
        mark = f"{number}." if element.name == "ol" else "-"
        within = [child for child in item.children if _is_list(child)]
        words = _tidy("".join(_inline(child) for child in item.children if not _is_list(child)))
        yield f"{indent}{mark} {words}"
        for one in within:
            if isinstance(one, Tag):
                yield from _list_lines(one, indent=f"{indent}   ")


def _is_list(node: PageElement) -> bool:
    return isinstance(node, Tag) and node.name in {"ul", "ol"}


def _inline(node: PageElement) -> str:
    if isinstance(node, NavigableString):
        return str(node)
    if not isinstance(node, Tag):
        return ""
    if node.name == "br":
        return "\n"
    words = "".join(_inline(child) for child in node.children)
    if node.name != "a":
        return words
    return link_text(words.strip(), str(node["href"]))


def link_text(words: str, address: str) -> str:
    """A link in plain text. Once, where its words are the address."""
    if not words:
        return address
    return words if words in {address, address.removeprefix("mailto:")} else f"{words} ({address})"


def _tidy(words: str) -> str:
    """With single spaces, and the lines that were broken on purpose."""
    return "\n".join(" ".join(line.split()) for line in words.strip().splitlines())
