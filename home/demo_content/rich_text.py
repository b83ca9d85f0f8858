"""Turns the plain way in which the texts are written into Wagtail's rich text.

A blank line ends a paragraph; lines that begin with `- ` are a list, with `1. ` a numbered one, with `### ` a
heading; `**words**` are bold; `[words](target)` is a link to a page of `contents.yaml`, to an address of this site
(`/newsletter/`) or of another one (`https://…`).
"""

import re
from collections.abc import Callable
from html import escape

LINK = re.compile(r"\[([^\]]+)\]\(([^)\s\"]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
LISTS = ((re.compile(r"^- ", re.MULTILINE), "ul"), (re.compile(r"^\d+\. ", re.MULTILINE), "ol"))

PageId = Callable[[str], int | None]
"""Gives the id of the page of that key, or None where staff deleted it."""


def rich_text(source: str, *, page_id: PageId) -> str:
    """The source as HTML in the form that Wagtail stores."""
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


def _link(words: str, target: str, page_id: PageId) -> str:
    if target.startswith(("/", "https://")):
        return f'<a href="{target}">{words}</a>'
    pk = page_id(target)
    return words if pk is None else f'<a linktype="page" id="{pk}">{words}</a>'
