"""The size of pictures on a page."""

import pytest
from playwright.sync_api import Page
from wagtail.images.tests.utils import get_test_image_file

from core.models import CoalitionImage
from home.models import HomePage
from tests.factories import ArticlePageFactory, NewsIndexPageFactory


@pytest.mark.parametrize("own", [200, 1600])
def test_a_picture_is_as_wide_as_the_column_and_never_wider_than_it_is(
    page: Page, own: int
) -> None:
    image = CoalitionImage.objects.create(
        title="small",
        description="A small picture",
        file=get_test_image_file(f"small-{own}.png", size=(own, own // 2)),
    )
    news = NewsIndexPageFactory.create(parent=HomePage.objects.first(), slug=f"pictures-{own}")
    article = ArticlePageFactory.create(parent=news, image=image)
    page.goto(article.url)
    picture = page.get_by_role("img", name="A small picture")
    picture.evaluate("image => image.decode()")
    box = picture.bounding_box()
    column = page.locator("main .article").bounding_box()
    assert box is not None
    assert column is not None
    assert box["width"] == pytest.approx(min(own, column["width"]), abs=1)
    assert box["height"] == pytest.approx(box["width"] / 2, abs=1)
