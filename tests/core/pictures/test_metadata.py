"""No picture that the site stores or serves reveals where or with which device it was taken."""

import re
from io import BytesIO

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings
from wagtail.images.image_operations import FormatOperation
from wagtail.images.models import Filter
from wagtail.users.models import UserProfile

from core.models import CoalitionImage, User
from home.models import HomePage
from newsletter.issues.markup import mail_picture
from tests.core.test_metadata import meta
from tests.factories import ArticlePageFactory, NewsIndexPageFactory
from tests.html import parse

from .conftest import Upload
from .originals import ORIGINALS, PROFILE, is_upright, jpeg, profile_of, told_by

WITHOUT_PROFILES = {"gif", "ico"}
# HEIC needs a library that the site does not use.
FORMATS = [kind for kind in FormatOperation.supported_formats if kind != "heic"]


def served(client: Client, url: str) -> bytes:
    response = client.get(re.sub(r"^https?://[^/]+", "", url))
    assert response.status_code == 200, url
    return response.getvalue()


def stored(image: CoalitionImage) -> bytes:
    with image.open_file() as file:
        content: bytes = file.read()
    return content


@pytest.mark.parametrize("kind", ORIGINALS)
def test_the_originals_contain_metadata(kind: str) -> None:
    assert len(told_by(ORIGINALS[kind]())) > 1
    assert is_upright(ORIGINALS[kind]()) == (kind == "gif")


@pytest.mark.parametrize("kind", ORIGINALS)
def test_a_stored_original_is_upright_and_has_no_metadata(upload: Upload, kind: str) -> None:
    image = upload(ORIGINALS[kind](), f"witness.{kind}")
    content = stored(image)
    assert told_by(content) == set()
    assert is_upright(content)
    assert profile_of(content) == (None if kind == "gif" else PROFILE)
    assert (image.width, image.height) == (240, 320)
    assert image.file_size == len(content)
    assert image.file_hash


@pytest.mark.parametrize("keeps_originals", [False, True])
@pytest.mark.parametrize("kind", ORIGINALS)
def test_pages_and_mail_show_pictures_without_metadata(  # noqa: PLR0917 - fixtures
    upload: Upload,
    client: Client,
    home_page: HomePage,
    settings: Settings,
    kind: str,
    keeps_originals: bool,
) -> None:
    settings.IMAGES_KEEP_METADATA = keeps_originals
    image = upload(ORIGINALS[kind](), f"witness.{kind}")
    assert bool(told_by(stored(image))) == keeps_originals
    news = NewsIndexPageFactory.create(parent=home_page)
    page = ArticlePageFactory.create(parent=news, image=image, image_alt="A witness")
    html = client.get(page.url).text
    main = parse(html).find("main")
    urls = {meta(html, "og:image") or ""}
    for element in [*main.find_all("source"), *main.find_all("img")]:
        urls |= {part.split()[0] for part in element["srcset"].split(",")}
    mailed = mail_picture(image)
    assert mailed is not None
    urls.add(mailed.url)
    assert len(urls) >= 4
    for url in urls:
        content = served(client, url)
        assert told_by(content) == set(), url
        assert profile_of(content) == (None if kind == "gif" else PROFILE), url
        if "fill-1200x630" not in url:
            assert is_upright(content), url


@pytest.mark.parametrize("kind", ORIGINALS)
def test_no_format_that_wagtail_writes_contains_metadata(
    upload: Upload, settings: Settings, kind: str
) -> None:
    """Fails if an upgrade of Wagtail, Willow or Pillow lets metadata through."""
    settings.IMAGES_KEEP_METADATA = True
    image = upload(ORIGINALS[kind](), f"witness.{kind}")
    assert told_by(stored(image))
    specifications = [
        f"{size}|format-{form}" for form in FORMATS for size in ("original", "max-99x99")
    ]
    for specification in [
        *specifications,
        "original",
        "width-500",
        "original|format-webp-lossless",
    ]:
        with image.get_rendition(specification).open_file() as file:
            content = file.read()
        assert told_by(content) == set(), specification
        assert is_upright(content), specification
        if kind != "gif" and not any(
            f"format-{form}" in specification for form in WITHOUT_PROFILES
        ):
            assert profile_of(content) == PROFILE, specification


def test_wagtail_alone_would_keep_exif(upload: Upload, settings: Settings) -> None:
    """Once this fails, `CleanFilter` may no longer be needed."""
    settings.IMAGES_KEEP_METADATA = True
    image = upload(jpeg(), "witness.jpg")
    written = BytesIO()
    Filter("original|format-jpeg").run(image, written)
    assert "exif" in told_by(written.getvalue())


def test_a_picture_that_code_stores_has_no_metadata(db: None) -> None:
    image = CoalitionImage.objects.create(
        title="A witness", file=ImageFile(BytesIO(jpeg()), name="witness.jpg")
    )
    image.refresh_from_db()
    assert told_by(stored(image)) == set()
    assert (image.width, image.height) == (240, 320)


def test_a_replaced_file_of_an_image_has_no_metadata(upload: Upload, staff_client: Client) -> None:
    image = upload(jpeg(), "first.jpg")
    response = staff_client.post(
        f"/admin/images/{image.pk}/",
        {"title": "A witness", "file": SimpleUploadedFile("second.png", ORIGINALS["png"]())},
    )
    assert response.status_code == 302
    image.refresh_from_db()
    assert str(image.file.name).endswith("second.png")
    assert told_by(stored(image)) == set()


def test_a_jpeg_keeps_its_quality(upload: Upload) -> None:
    """It is encoded again with its own tables: the size stays the same, and colours differ by a shade at most."""
    content = jpeg()
    image = stored(upload(content, "witness.jpg"))
    assert len(image) < len(content) * 1.1
    with Image.open(BytesIO(content)) as before, Image.open(BytesIO(image)) as after:
        assert before.quantization == after.quantization  # type: ignore[attr-defined]


def test_the_picture_of_a_member_of_staff_has_no_metadata(
    staff_client: Client, superuser: User
) -> None:
    profile = UserProfile.get_for_user(superuser)
    profile.avatar.save("me.jpg", SimpleUploadedFile("me.jpg", jpeg()))
    with profile.avatar.open() as file:
        assert told_by(file.read()) == set()


@pytest.mark.parametrize("kind", ORIGINALS)
def test_a_file_that_breaks_off_is_refused_in_words(staff_client: Client, kind: str) -> None:
    content = ORIGINALS[kind]()
    response = staff_client.post(
        "/admin/images/multiple/add/",
        {"title": "A", "files[]": SimpleUploadedFile(f"a.{kind}", content[: len(content) // 3])},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    answer = response.json()
    assert not answer["success"]
    assert answer["error_message"]
    assert not CoalitionImage.objects.exists()


def test_stored_pictures_are_cleaned_by_a_command(
    upload: Upload, settings: Settings, capsys: pytest.CaptureFixture[str], superuser: User
) -> None:
    settings.IMAGES_KEEP_METADATA = True
    images = [upload(make(), f"witness.{kind}") for kind, make in ORIGINALS.items()]
    profile = UserProfile.get_for_user(superuser)
    profile.avatar.save("me.jpg", SimpleUploadedFile("me.jpg", jpeg()))
    rendition = images[0].get_rendition("max-100x100|format-jpeg")
    rendition.file.save("leaking.jpg", SimpleUploadedFile("leaking.jpg", jpeg()))
    old_files = [(image.file.storage, image.file.name) for image in [*images, rendition]]
    settings.IMAGES_KEEP_METADATA = False

    call_command("strip_picture_metadata", "--dry-run")
    assert "7 pictures with metadata" in capsys.readouterr().out
    assert told_by(stored(images[0]))

    call_command("strip_picture_metadata")
    assert "7 pictures with metadata" in capsys.readouterr().out
    for owner in [*images, rendition, profile]:
        owner.refresh_from_db()
    for image in [*images, rendition]:
        assert told_by(stored(image)) == set()
    with profile.avatar.open() as file:
        assert told_by(file.read()) == set()
    assert (images[0].width, images[0].height) == (240, 320)
    assert not [name for storage, name in old_files if storage.exists(name)]
    shown = CoalitionImage.objects.get(pk=images[0].pk).get_rendition("max-100x100|format-jpeg")
    assert shown.file.name == rendition.file.name

    call_command("strip_picture_metadata")
    assert "0 pictures with metadata" in capsys.readouterr().out
