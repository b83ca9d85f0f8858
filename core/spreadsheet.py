"""Text in tables that are opened in a spreadsheet program, which must never compute what a stranger wrote.

See OWASP, "CSV Injection": a cell that begins with one of a few characters is taken for a formula. Excel in French or
Spanish also splits a file of commas at its semicolons, so the same holds after every character that may end a cell.
"""

import re

# What makes a spreadsheet take a cell for a formula, also as written on East Asian keyboards.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# Programs skip the blanks before a formula, and the quotes that a file split at semicolons leaves there.
_FORMULA = r"(?:\"|[^\S\t\r\n])*[=+\-@＝＋－＠]"
_UNESCAPED = re.compile(rf"\A(?='*[\t\r\n])|(?:\A|(?<=[;\t\r\n]))(?='*{_FORMULA})")
_ESCAPED = re.compile(rf"\A'(?='*[\t\r\n])|(?:\A|(?<=[;\t\r\n]))'(?='*{_FORMULA})")


def escape_formulas(text: str) -> str:
    """Return `text` with an apostrophe before everything that a spreadsheet would compute.

    An apostrophe before a formula gets another one, so that `unescape_formulas` gives back exactly what was there:
    `unescape_formulas(escape_formulas(text)) == text` for every text.
    """
    return _UNESCAPED.sub("'", text)


def unescape_formulas(text: str) -> str:
    """Return the text of which `escape_formulas` made `text`. Other text, apostrophes included, stays as it is."""
    return _ESCAPED.sub("", text)
