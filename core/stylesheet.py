"""Stylesheets out of the files in `static/css/`: see docs/decisions/0001-one-stylesheet.md.

What lies in the folder itself stands in every page. A file in `parts/` stands in the pages that name it.
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
    """The layers in their order, then every file, without comments and indentation.

    The order of the files doesn't matter between layers, and within one no rule leans on it.
    """
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    return f"@layer {', '.join(LAYERS)};\n" + BLANKS.sub("\n", COMMENT.sub("", text)).strip() + "\n"


def sources_in(folder: Path, parts: Iterable[str] = ("*",)) -> list[Path]:
    """The files of every page, then those of the parts; of all of them where none is named."""
    named = [path for part in parts for path in sorted(folder.glob(f"{PARTS}/{part}.css"))]
    return [*sorted(folder.glob("*.css")), *named]


@dataclass(frozen=True, slots=True)
class PageStyle:
    """The stylesheet as it stands in a page, and the source by which a content security policy lets it in."""

    text: str
    policy_source: str

    @classmethod
    def of(cls, stylesheet: str) -> Self:
        """Addresses relative to `static/css/` become those of `{% static %}`: a page lies elsewhere."""
        text = ADDRESS.sub(lambda match: f'url("{static(match[1])}")', stylesheet)
        digest = b64encode(sha256(text.encode()).digest()).decode()
        return cls(text, f"'sha256-{digest}'")


def page_style(*parts: str) -> PageStyle:
    """What stands in every page, and the named parts. Raises UnknownPartError.

    Read and hashed once in a process; in development at each call, so that a change shows at once.
    """
    if settings.DEBUG:
        return _read(parts)
    # The address holds the hash of the file where static files are collected.
    return _keep(static(NAME), parts)


class UnknownPartError(Exception):
    """A template names a part that there is not."""


def _read(parts: tuple[str, ...]) -> PageStyle:
    folder = Path(settings.BASE_DIR) / "static" / "css"
    if missing := [part for part in parts if not (folder / PARTS / f"{part}.css").exists()]:
        raise UnknownPartError(", ".join(missing))
    return PageStyle.of(assemble(sources_in(folder, parts)))


# The templates name the parts, so there are few choices of them.
@lru_cache(maxsize=32)
def _keep(address: str, parts: tuple[str, ...]) -> PageStyle:
    return _read(parts)


class StylesheetFinder(BaseFinder):
    """Offers `css/site.css` to `{% static %}`, the development server and `collectstatic`.

    The file is written under `var/` when one of its sources is newer.
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
        # A folder's own time tells of a file that was taken away.
        folders = [self.source, *self.source.glob(PARTS)]
        newest = max(path.stat().st_mtime for path in [*folders, *sources])
        if not target.exists() or target.stat().st_mtime <= newest:
            target.parent.mkdir(parents=True, exist_ok=True)
            # Several processes may write at once: each writes a file of its own and puts it in place whole.
            with tempfile.NamedTemporaryFile(
                "w", dir=target.parent, delete=False, encoding="utf-8"
            ) as file:
                file.write(assemble(sources))
            Path(file.name).chmod(0o644)
            Path(file.name).replace(target)
        return target
