"""Where uploaded files and renditions are kept: in a local folder, or in a bucket."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFile(File):  # type: ignore[type-arg] # It has none at run time.
    """A file that is written already, for Django to move to its place."""

    def __init__(self, path: str) -> None:
        super().__init__(None, name=path)
        self.path = path

    def temporary_file_path(self) -> str:
        return self.path


class WholeFileStorage(FileSystemStorage):
    """A folder in which a file is there entirely or not at all: a full disk leaves no empty or half one.

    Each is written beside its place and then moved, which a crash cannot interrupt either.
    """

    def _save(self, name: str, content: Any) -> str:
        with self._written(content) as whole:
            saved: str = super()._save(name, whole)  # type: ignore[misc] # Not in the stubs.
        return saved

    @contextmanager
    def _written(self, content: Any) -> Iterator[WholeFile]:
        folder = Path(self.location)
        folder.mkdir(parents=True, exist_ok=True)
        # In the same file system, where moving is one step.
        with NamedTemporaryFile(dir=folder, prefix=".unfinished-", delete=False) as file:
            path = file.name
            try:
                for chunk in content.chunks():
                    file.write(chunk.encode() if isinstance(chunk, str) else chunk)
                file.flush()
                os.fsync(file.fileno())
                yield WholeFile(path)
            finally:
                with suppress(FileNotFoundError):  # It was moved.
                    Path(path).unlink()
