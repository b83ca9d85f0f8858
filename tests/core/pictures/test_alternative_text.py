"""Pictures are described in text, and never by the name of their file."""

import pytest
from django.test import Client
from wagtail.blocks import StructBlockValidationError
from wagtail.images.blocks import ImageBlock

from core.models import CoalitionImage
from home.models import HomePage
from tests.core.test_metadata import meta
from tests.factories import ArticlePageFactory, NewsIndexPageFactory
from tests.html import parse

from .conftest import Upload
from .originals import jpeg


@pytest.fixture
def image(upload: Upload) -> CoalitionImage:
    """An image without a description. Its title is the one that the uploader derives from the file name."""
    image = upload(jpeg(), "IMG_2034.jpg")
    CoalitionImage.objects.filter(pk=image.pk).update(title="IMG_2034")
    image.refresh_from_db()
    return image


def test_the_chooser_offers_no_name_of_a_file(image: CoalitionImage, staff_client: Client) -> None:
    assert image.default_alt_text == ""
    chosen = staff_client.get(f"/admin/images/chooser/chosen/{image.pk}/").json()["result"]
    assert not chosen["default_alt_text"]


def test_a_block_requires_text(image: CoalitionImage) -> None:
    block = ImageBlock()
    value = block.to_python({"image": image.pk, "alt_text": "", "decorative": False})
    with pytest.raises(StructBlockValidationError) as refusal:
        block.clean(value)
    assert "alt_text" in refusal.value.block_errors


def test_no_page_shows_the_name_of_a_file(
    image: CoalitionImage, client: Client, home_page: HomePage
) -> None:
    news = NewsIndexPageFactory.create(parent=home_page)
    page = ArticlePageFactory.create(parent=news, image=image)
    html = client.get(page.url).text
    assert parse(html).find("main").find("img")["alt"] == ""
    assert meta(html, "og:image:alt") is None
    assert 'alt="IMG' not in html


@pytest.mark.parametrize("words", ["IMG_2034.jpg", "IMG_2034"])
def test_a_description_is_not_the_name_of_the_file(
    image: CoalitionImage, staff_client: Client, words: str
) -> None:
    response = staff_client.post(
        f"/admin/images/{image.pk}/", {"title": "A witness", "description": words}
    )
    assert "This is the file name. Describe what the picture shows." in response.text
    image.refresh_from_db()
    assert image.description == ""
