"""The colours of `static/css/tokens.css`, for what no stylesheet reaches: pictures, mail, the frame of the browser."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings

DARK = "@media screen and (prefers-color-scheme: dark)"
PAPER = "@media print"
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,6}|var\(--[\w-]+\));")


def colour(name: str, *, dark: bool = False) -> str:
    """Return a colour token as six hexadecimal digits, of the light or the dark scheme. Raises KeyError."""
    light_values, dark_values = _tokens()
    values = {**light_values, **dark_values} if dark else light_values
    value = values[name]
    while value.startswith("var("):
        value = values[value.removeprefix("var(--").removesuffix(")")]
    # Some mail programs know no short form.
    return value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:])


@lru_cache
def _tokens() -> tuple[dict[str, str], dict[str, str]]:
    """Return the colour tokens of the light scheme, and those that the dark scheme changes."""
    text = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    light, _, rest = text.partition(DARK)
    return dict(TOKEN.findall(light)), dict(TOKEN.findall(rest.partition(PAPER)[0]))
