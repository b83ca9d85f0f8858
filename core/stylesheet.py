"""The stylesheet, assembled from `static/css/`, and its colours: see docs/decisions/0001-one-stylesheet.md.

Files directly in the folder are in every page. A file in `parts/` is in the pages that name it.
"""

import re
import tempfile
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage
from django.templatetags.static import static

NAME = "css/site.css"
PARTS = "parts"
LAYERS = ("reset", "tokens", "base", "layout", "components", "utilities")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BLANKS = re.compile(r"\s*\n\s*")
ADDRESS = re.compile(r'url\("\.\./([^"]+)"\)')


def assemble(sources: list[Path]) -> str:
    """Return the layers in their order and then every file, without comments and indentation.

    The order of the files has no effect: `@layer` orders the layers, and within one no rule depends on it.
    """
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return f"@layer {', '.join(LAYERS)};\n" + BLANKS.sub("\n", COMMENT.sub("", text)).strip() + "\n"


def sources_in(folder: Path, parts: Iterable[str] = ("*",)) -> list[Path]:
    """Return the files of every page and then those of the named parts, by default of all parts."""
    named = [path for part in parts for path in sorted(folder.glob(f"{PARTS}/{part}.css"))]
    return [*sorted(folder.glob("*.css")), *named]


@dataclass(frozen=True, slots=True)
class PageStyle:
    """The stylesheet inside a page, and the source that a content security policy must list to allow it."""

    text: str
    policy_source: str

    @classmethod
    def of(cls, stylesheet: str) -> Self:
        """Replace addresses relative to `static/css/` by those of `{% static %}`, since a page is elsewhere."""
        text = ADDRESS.sub(lambda match: f'url("{static(match[1])}")', stylesheet)
        digest = b64encode(sha256(text.encode()).digest()).decode()
        return cls(text, f"'sha256-{digest}'")


def page_style(*parts: str) -> PageStyle:
    """Return the stylesheet of every page with the named parts. Raises UnknownPartError.

    It is read and hashed once per process; in development at each call, so that changes show at once.
    """
    if settings.DEBUG:
        return _read(parts)
    # The key: collected static files have their hash in the address.
    return _keep(static(NAME), parts)


class UnknownPartError(Exception):
    """A template names a part that does not exist."""


def _read(parts: tuple[str, ...]) -> PageStyle:
    folder = Path(settings.BASE_DIR) / "static" / "css"
    if missing := [part for part in parts if not (folder / PARTS / f"{part}.css").exists()]:
        raise UnknownPartError(", ".join(missing))
    return PageStyle.of(assemble(sources_in(folder, parts)))


# Templates name the parts, so there are few combinations.
@lru_cache(maxsize=32)
def _keep(address: str, parts: tuple[str, ...]) -> PageStyle:
    return _read(parts)


class StylesheetFinder(BaseFinder):
    """Provides `css/site.css` to `{% static %}`, the development server and `collectstatic`.

    The file is written under `var/` whenever one of its sources is newer.
    """

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = Path(settings.BASE_DIR) / "static" / "css"
        self.storage = FileSystemStorage(location=Path(settings.VAR_DIR) / "stylesheet")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != NAME:
            return []
        target = self._write()
        return [str(target)] if find_all else str(target)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:
        self._write()
        yield NAME, self.storage

    def _write(self) -> Path:
        sources = sources_in(self.source)
        target = Path(self.storage.path(NAME))
        # The time of a folder changes when a file is removed from it.
        folders = [self.source, *self.source.glob(PARTS)]
        newest = max(path.stat().st_mtime for path in [*folders, *sources])
        if not target.exists() or target.stat().st_mtime <= newest:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Several processes may write at once, so each writes its own file and moves it into place.
            with tempfile.NamedTemporaryFile(
                "w", dir=target.parent, delete=False, encoding="utf-8"
            ) as file:
                file.write(assemble(sources))
            Path(file.name).chmod(0o644)
            Path(file.name).replace(target)
        return target


DARK = "@media screen and (prefers-color-scheme: dark)"
PRINT = "@media print"
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,6}|var\(--[\w-]+\));")


def colour(name: str, *, dark: bool = False) -> str:
    """Return a colour token of the light or dark scheme as `#` and six hexadecimal digits. Raises KeyError.

    For places that no stylesheet reaches: pictures, mail and the browser's own frame.
    """
    light_values, dark_values = _colour_tokens()
    values = {**light_values, **dark_values} if dark else light_values
    value = values[name]
    while value.startswith("var("):
        value = values[value.removeprefix("var(--").removesuffix(")")]
    # Some mail programs do not know the short form.
    return value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:])


@lru_cache
def _colour_tokens() -> tuple[dict[str, str], dict[str, str]]:
    """Return the colour tokens of the light scheme, and those that the dark scheme changes."""
    text = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    light, _, rest = text.partition(DARK)
    return dict(TOKEN.findall(light)), dict(TOKEN.findall(rest.partition(PRINT)[0]))
