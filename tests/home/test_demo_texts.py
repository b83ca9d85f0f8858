"""The format of the demo content's texts, and the errors for mistakes in them."""

import pytest

from home.demo_content.files import Facts, PageFile, UnknownFactError
from home.demo_content.writing import PageWriter, rich_text
from home.models import StandardPage

FACTS = Facts(
    {
        "members": "more than 2,500",
        "countries": 150,
        "regions": [{"slug": "africa", "states": 30}, {"slug": "europe", "states": 50}],
    }
)


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("One line\nand the next.", "<p>One line and the next.</p>"),
        ("First.\n\nSecond.", "<p>First.</p><p>Second.</p>"),
        ("### Heading", "<h3>Heading</h3>"),
        ("- one\n- two\n  goes on", "<ul><li>one</li><li>two goes on</li></ul>"),
        ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("**Bold** & <plain>", "<p><b>Bold</b> &amp; &lt;plain&gt;</p>"),
        ("[page](known)", '<p><a linktype="page" id="7">page</a></p>'),
        ("[page](deleted)", "<p>page</p>"),
        ("[news](/newsletter/)", '<p><a href="/newsletter/">news</a></p>'),
        ("[site](https://x.org/?a=1&b=2)", '<p><a href="https://x.org/?a=1&amp;b=2">site</a></p>'),
    ],
)
def test_plain_text_becomes_rich_text(written: str, html: str) -> None:
    assert rich_text(written, page_id={"known": 7, "deleted": None}.__getitem__) == html


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("{{ countries }} countries", "150 countries"),
        ("{{ members }}", "more than 2,500"),
        ("{{ members as figure }}", "2,500+"),
        ("{{ regions.europe.states }}, {{ regions.1.states }}", "50, 30"),
    ],
)
def test_facts_are_named_by_their_path(written: str, text: str) -> None:
    assert FACTS.fill(written) == text


@pytest.mark.parametrize("path", ["continents", "regions", "regions.asia.states", "countries.x"])
def test_a_fact_that_is_not_there_is_an_error(path: str) -> None:
    with pytest.raises(UnknownFactError, match=path):
        FACTS.fill(f"{{{{ {path} }}}}")


def test_a_word_that_yaml_reads_as_another_type_is_an_error(db: None) -> None:
    """Unquoted, `No` is read as false and would be published as “False”."""
    file = PageFile(key="about", model=StandardPage, fields={"body": [{"heading": False}]})
    with pytest.raises(TypeError, match="put it in quotes"):
        PageWriter(facts=FACTS, pages={}).write_rich_fields(StandardPage(), file)
