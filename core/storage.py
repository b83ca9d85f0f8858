"""Storage of uploaded files and renditions in a local folder. In production a bucket may replace it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFile(File):  # type: ignore[type-arg] # It has none at run time.
    """A finished file that Django moves to its place."""

    def __init__(self, path: str) -> None:
        super().__init__(None, name=path)
        self.path = path

    def temporary_file_path(self) -> str:
        return self.path


class WholeFileStorage(FileSystemStorage):
    """A folder that holds only complete files, even if the disk is full or the machine crashes.

    Each file is written under a temporary name and then moved, which is atomic.
    """

    def _save(self, name: str, content: Any) -> str:
        with self._written(content) as whole:
            saved: str = super()._save(name, whole)  # type: ignore[misc] # Not in the stubs.
        return saved

    @contextmanager
    def _written(self, content: Any) -> Iterator[WholeFile]:
        folder = Path(self.location)
        folder.mkdir(parents=True, exist_ok=True)
        # In the same file system, so that moving is atomic.
        with NamedTemporaryFile(dir=folder, prefix=".unfinished-", delete=False) as file:
            path = file.name
            try:
                for chunk in content.chunks():
                    file.write(chunk.encode() if isinstance(chunk, str) else chunk)
                file.flush()
                os.fsync(file.fileno())
                yield WholeFile(path)
            finally:
                with suppress(FileNotFoundError):  # The file was moved by then.
                    Path(path).unlink()
