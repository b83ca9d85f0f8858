"""Rich text and pictures in the form that mail programs show."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi
from wagtail.images.models import SourceImageIOError
from wagtail.rich_text import RichText, expand_db_html

from core.metadata import absolute
from core.models import CoalitionImage
from core.stylesheet import colour

STYLES = {
    "p": "margin: 0 0 16px;",
    "h3": "margin: 24px 0 8px; font-family: 'Source Serif 4', 'Noto Naskh Arabic', Georgia, serif;"
    " font-size: 18px; line-height: 1.3;",
    "li": "margin: 0 0 6px;",
    "a": f"color: {colour('blue')};",
}
# Outlook does not support logical properties.
LIST_STYLES = {
    False: "margin: 0 0 16px; padding: 0 0 0 24px;",
    True: "margin: 0 0 16px; padding: 0 24px 0 0;",
}
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "div", "blockquote"}


def mail_html(text: RichText | str, *, base: str) -> SafeString:
    """Convert rich text for the HTML part. Relative links are resolved against `base`."""
    soup = _parse(text, base)
    for element in soup.find_all(True):
        style = STYLES.get(element.name)
        if element.name in {"ul", "ol"}:
            style = LIST_STYLES[get_language_bidi()]
        if style:
            element["style"] = style
        if element.name == "a":
            element["class"] = "link"
    # Wagtail removes markup that its editor does not offer.
    return mark_safe(str(soup))  # noqa: S308


def plain_text(text: RichText | str, *, base: str) -> str:
    """Convert rich text for the plain-text part: paragraphs with an empty line between, links as `text (URL)`."""
    return "\n\n".join(_paragraphs(_parse(text, base).children))


def _parse(text: RichText | str, base: str) -> BeautifulSoup:
    source = text.source if isinstance(text, RichText) else text
    soup = BeautifulSoup(expand_db_html(source), "html.parser")
    for link in soup.find_all("a"):
        if href := link.get("href"):
            link["href"] = urljoin(base, str(href))
        else:
            # The page was deleted.
            link.unwrap()
    return soup


def _paragraphs(nodes: Iterable[PageElement]) -> Iterable[str]:
    """Yield each block as a paragraph, and the inline nodes between two blocks as one."""
    loose = ""
    for node in nodes:
        if isinstance(node, Tag) and node.name in BLOCKS:
            if paragraph := _tidy(loose):
                yield paragraph
            loose = ""
            if paragraph := _block(node):
                yield paragraph
        else:
            loose += _inline(node)
    if paragraph := _tidy(loose):
        yield paragraph


def _block(element: Tag) -> str:
    if element.name in {"ul", "ol"}:
        return "\n".join(_list_lines(element))
    return _tidy("".join(_inline(child) for child in element.children))


def _list_lines(element: Tag, indent: str = "") -> Iterable[str]:
    for number, item in enumerate(element.find_all("li", recursive=False), start=1):
        mark = f"{number}." if element.name == "ol" else "-"
        lists = [child for child in item.children if _is_list(child)]
        text = _tidy("".join(_inline(child) for child in item.children if not _is_list(child)))
        yield f"{indent}{mark} {text}"
        for inner in lists:
            if isinstance(inner, Tag):
                yield from _list_lines(inner, indent=f"{indent}   ")


def _is_list(node: PageElement) -> bool:
    return isinstance(node, Tag) and node.name in {"ul", "ol"}


def _inline(node: PageElement) -> str:
    if isinstance(node, NavigableString):
        return str(node)
    if not isinstance(node, Tag):
        return ""
    if node.name == "br":
        return "\n"
    text = "".join(_inline(child) for child in node.children)
    if node.name != "a":
        return text
    return link_text(text.strip(), str(node["href"]))


def link_text(text: str, url: str) -> str:
    """Format a link in plain text. A text that is the URL itself is not repeated."""
    if not text:
        return url
    return text if text in {url, url.removeprefix("mailto:")} else f"{text} ({url})"


def _tidy(text: str) -> str:
    """Collapse spaces, and keep line breaks."""
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


logger = logging.getLogger(__name__)

# Width of the column in CSS pixels. Files have twice as many pixels, for dense screens.
WIDTH = 552
# Some mail programs do not support WebP or AVIF.
SPECIFICATION = f"max-{2 * WIDTH}x{4 * WIDTH}|format-jpeg|jpegquality-72"


@dataclass(frozen=True)
class MailPicture:
    """A picture with its absolute URL, and its size in CSS pixels."""

    url: str
    width: int
    height: int
    alt: str


def mail_picture(image: CoalitionImage | None) -> MailPicture | None:
    """Return the picture for a mail; None without an image, or, with a log entry, if its file is missing."""
    if image is None:
        return None
    try:
        rendition = image.get_rendition(SPECIFICATION)
    except SourceImageIOError:
        logger.warning("issue_picture.unreadable", extra={"image": image.pk})
        return None
    width = min(WIDTH, rendition.width)
    return MailPicture(
        url=absolute(rendition.url),
        width=width,
        height=round(rendition.height * width / rendition.width),
        alt=rendition.alt,
    )
