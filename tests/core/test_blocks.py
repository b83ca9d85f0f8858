"""The rendering of each block in a page's body, and its preview in the block picker."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.rich_text import RichText

from core.blocks import BodyBlock
from core.blocks.embeds import PLAYERS
from core.models import CoalitionDocument, CoalitionImage
from home.models import HomePage
from tests.html import Element, parse

BODY = BodyBlock()


def render(name: str, value: object) -> Element:
    block = BODY.child_blocks[name]
    return parse(block.render(block.normalize(value)))


@pytest.fixture
def picture(db: None) -> CoalitionImage:
    file = BytesIO()
    Image.new("RGB", (1600, 1000), "navy").save(file, "PNG")
    image: CoalitionImage = CoalitionImage.objects.create(
        title="The Hague", file=ImageFile(file, name="the-hague.png"), credit="A photographer"
    )
    return image


def test_a_body_adds_no_wrapper_between_its_blocks() -> None:
    value = BODY.normalize([("text", RichText("<p>One</p>")), ("heading", {"text": "Two"})])
    assert [element.name for element in parse(BODY.render(value)).elements] == ["p", "h2"]


def test_a_heading_can_be_linked_to() -> None:
    heading = render("heading", {"text": "What states promised"}).find("h2")
    assert heading.text == "What states promised"
    assert heading["id"] == "what-states-promised"


def test_two_headings_of_a_page_do_not_share_an_address() -> None:
    twice = BODY.normalize([("heading", {"text": "Money"}), ("heading", {"text": "money!"})])
    with pytest.raises(StreamBlockValidationError) as refused:
        BODY.clean(twice)
    assert list(refused.value.block_errors) == [1]


def test_headings_without_an_address_may_repeat() -> None:
    twice = BODY.normalize([("heading", {"text": "?"}), ("heading", {"text": "!"})])
    assert len(BODY.clean(twice)) == 2


def test_a_heading_without_letters_has_no_empty_address() -> None:
    assert "id" not in render("heading", {"text": "?!"}).find("h2").attrs


def test_a_quote_names_its_source() -> None:
    quote = render(
        "quote",
        {
            "text": "First.\n\nSecond.",
            "attribution": "Rome Statute",
            "role": "Preamble",
            "source": "https://www.icc-cpi.int/",
        },
    )
    assert [p.text for p in quote.find("blockquote").find_all("p")] == ["First.", "Second."]
    assert "Rome Statute" in quote.find("figcaption").text
    assert quote.find("a")["href"] == "https://www.icc-cpi.int/"


def test_an_accordion_opens_without_a_script() -> None:
    accordion = render("accordion", {"parts": [{"title": "Who?", "text": "<p>Persons.</p>"}]})
    part = accordion.find("details")
    assert part.find("summary").text == "Who?"
    assert "Persons." in part.text


def test_a_picture_comes_in_modern_formats_and_keeps_its_place(picture: CoalitionImage) -> None:
    figure = render(
        "figure",
        {
            "image": {"image": picture, "alt_text": "A court room", "decorative": False},
            "caption": "The court",
        },
    )
    source, image = figure.find("source"), figure.find("img")
    assert source["type"] == "image/avif"
    assert ".webp" in image["src"]
    assert image["alt"] == "A court room"
    assert image["loading"] == "lazy"
    assert int(image["width"]) / int(image["height"]) == pytest.approx(1.6, rel=0.01)
    assert "1344w" in source["srcset"]
    assert source["sizes"] == image["sizes"]
    assert f"{image['width']}px" in image["sizes"]
    assert "A photographer" in figure.find("figcaption").text


def test_a_decorative_picture_is_silent(picture: CoalitionImage) -> None:
    figure = render("figure", {"image": {"image": picture, "alt_text": "", "decorative": True}})
    assert figure.find("img")["alt"] == ""


def test_a_film_loads_nothing_from_elsewhere() -> None:
    film = render(
        "embed", {"url": "https://www.youtube.com/watch?v=aaaaaaaaaaa", "title": "The film"}
    )
    assert not film.find_all("iframe")
    assert not film.find_all("img")
    assert [script["src"] for script in film.find_all("script")] == ["/static/js/embed.js"]
    # Without scripts it is a link to the video's own page.
    assert film.find("a")["href"] == "https://www.youtube.com/watch?v=aaaaaaaaaaa"
    assert "YouTube" in film.find("a").text


def test_the_players_of_films_may_be_shown_on_our_pages(
    client: Client, home_page: HomePage
) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    frames = next(part for part in policy.split("; ") if part.startswith("frame-src "))
    for _pattern, player, _provider in PLAYERS:
        assert player[: player.index("/", len("https://"))] in frames.split()


def test_a_document_tells_its_kind_and_size(db: None) -> None:
    document = CoalitionDocument.objects.create(
        title="Rome Statute", file=ContentFile(b"x" * 2048, name="statute.pdf"), file_size=2048
    )
    link = render("document", {"document": document, "description": "The treaty."})
    assert link.find("a").text == "Rome Statute"
    assert "PDF, 2.0\xa0KB" in link.text
    assert "The treaty." in link.text


def test_key_facts_name_what_they_count_and_their_source() -> None:
    facts = render("key_facts", {"facts": [{"value": "120", "label": "for"}], "source": "Rome"})
    assert facts.find("dt").text == "for"
    assert facts.find("dd").text == "120"
    assert facts.find("figcaption").text == "Rome"


def test_a_table_has_a_caption_and_heads_for_columns_and_rows() -> None:
    block = BODY.child_blocks["table"]
    table = parse(block.render(block.get_preview_value()))
    assert "17 July 1998" in table.find("caption").text
    assert [th.text for th in table.find_all("th") if th["scope"] == "col"] == ["Vote", "States"]
    assert [th.text for th in table.find_all("th") if th["scope"] == "row"] == [
        "For",
        "Against",
        "Abstained",
    ]
    assert [td.text for td in table.find_all("td")] == ["120", "7", "21"]


def test_a_call_to_action_without_a_target_has_no_dead_button() -> None:
    link = {"text": "Act now", "page": None, "document": None, "url": ""}
    assert not render("call_to_action", {"heading": "Act", "link": link}).find_all("a")


def test_a_call_to_action_leads_somewhere() -> None:
    link = {"text": "Act now", "url": "https://www.example.org/"}
    button = render("call_to_action", {"heading": "Act", "link": link}).find("a")
    assert (button.text, button["href"]) == ("Act now", "https://www.example.org/")


@pytest.mark.parametrize("name", list(BODY.child_blocks))
def test_every_block_can_be_previewed_in_the_picker(
    name: str, staff_client: Client, picture: CoalitionImage
) -> None:
    block = BODY.child_blocks[name]
    assert block.is_previewable
    address = reverse("wagtailadmin_block_preview")
    response = staff_client.get(address, {"id": block.definition_prefix})
    assert response.status_code == 200
    assert "css/site.css" in response.text
    assert parse(response.text).find("main").text
