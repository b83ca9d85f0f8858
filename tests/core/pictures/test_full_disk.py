"""While the disk is full a page lacks the picture, but otherwise works."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from core.models import CoalitionImage, CoalitionRendition
from core.page_cache.memory import WorkerMemory, lacks_part, remembering
from core.storage import WholeFileStorage
from home.models import HomePage
from tests.factories import ArticlePageFactory, NewsIndexPageFactory

from .conftest import Upload
from .originals import jpeg


@contextmanager
def full_disk() -> Iterator[None]:
    """Limit files to 100 bytes: the system refuses to write more, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [50, 100_000])
def test_a_file_is_stored_entirely_or_not_at_all(media: Path, size: int) -> None:
    storage = WholeFileStorage()
    with full_disk():
        if size > 100:
            with pytest.raises(OSError, match="File too large"):
                storage.save("a/file.txt", ContentFile(b"x" * size))
        else:
            storage.save("a/file.txt", ContentFile(b"x" * size))
    assert [path.stat().st_size for path in files_in(media)] == ([size] if size < 100 else [])


def test_two_files_of_one_name_are_two(media: Path) -> None:
    storage = WholeFileStorage()
    names = {storage.save("file.txt", ContentFile(word)) for word in ("one", "two", b"three")}
    assert len(names) == 3
    assert {path.read_text() for path in files_in(media)} == {"one", "two", "three"}
    assert all(path.stat().st_mode & 0o044 for path in files_in(media))


def test_a_page_is_shown_without_the_picture_and_later_with_it(
    upload: Upload, client: Client, home_page: HomePage, media: Path
) -> None:
    image = upload(jpeg(), "witness.jpg")
    news = NewsIndexPageFactory.create(parent=home_page)
    page = ArticlePageFactory.create(parent=news, image=image, image_alt="A witness")
    before = files_in(media)
    client.logout()
    with full_disk():
        response = client.get(page.url)
    assert response.status_code == 200
    assert "A witness" in response.text
    assert files_in(media) == before
    assert not CoalitionRendition.objects.exists()
    html = client.get(page.url).text
    assert "/media/images/witness" in html
    assert all(path.stat().st_size for path in files_in(media))


@pytest.mark.parametrize("specifications", [["width-99"], ["width-99", "width-98"]])
def test_a_page_that_lacks_its_picture_is_not_kept(
    upload: Upload, specifications: list[str]
) -> None:
    image: CoalitionImage = upload(jpeg(), "witness.jpg")
    make: Callable[..., object] = image.get_renditions
    with remembering(WorkerMemory(max_bytes=1)):
        with full_disk(), pytest.raises(OSError):  # noqa: PT011 - of any words
            make(*specifications)
        assert lacks_part()
    with remembering(WorkerMemory(max_bytes=1)):
        make(*specifications)
        assert not lacks_part()
