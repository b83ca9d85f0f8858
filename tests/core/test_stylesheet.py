"""One stylesheet reaches visitors, whatever server sends it."""

import gzip
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from pytest_django import Settings

from core.stylesheet import StylesheetFinder, UnknownPartError, assemble, page_style, sources_in

SOURCES = sources_in(Path(settings.BASE_DIR) / "static" / "css")


def test_it_holds_every_file_in_the_order_of_its_layers() -> None:
    path = finders.find("css/site.css")
    assert isinstance(path, str)
    text = Path(path).read_text()
    assert text.startswith("@layer reset, tokens, base, layout, components, utilities;")
    for selector in (".button--primary", ".site-header", ".key-facts", ".newsletter-band"):
        assert selector in text


def test_collectstatic_takes_it() -> None:
    (name, storage), *others = StylesheetFinder().list([])
    assert (name, others) == ("css/site.css", [])
    assert storage.open(name).read().startswith(b"@layer")


def test_a_changed_source_changes_it(tmp_path: Path) -> None:
    finder = StylesheetFinder()
    finder.source = tmp_path / "css"
    finder.source.mkdir()
    finder.storage = type(finder.storage)(location=tmp_path / "out")
    (finder.source / "a.css").write_text("@layer base { a { color: red } }")
    assert "red" in Path(finder.find("css/site.css")).read_text()
    (finder.source / "b.css").write_text("@layer base { b { color: blue } }")
    assert "blue" in Path(finder.find("css/site.css")).read_text()


def test_in_a_page_it_names_files_as_they_are_served() -> None:
    text = page_style().text
    assert 'url("/static/fonts/public-sans-basic.woff2")' in text
    assert text.count("url(") == text.count('url("/static/fonts/') > 0


def test_in_a_page_it_names_files_by_their_hashed_names(settings: Settings, tmp_path: Path) -> None:
    fonts = {path.name for path in (settings.BASE_DIR / "static" / "fonts").glob("*.woff2")}
    names = {f"fonts/{name}": f"fonts/{name}?hashed" for name in fonts}
    names["css/site.css"] = "css/site.hashed.css"
    (tmp_path / "staticfiles.json").write_text(
        json.dumps({"version": "1.1", "paths": names, "hash": ""})
    )
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    text = page_style().text
    assert 'url("/static/fonts/public-sans-basic.woff2?hashed")' in text
    assert text.count("url(") == text.count("?hashed") > 0


def test_in_a_page_it_is_one_element() -> None:
    assert "</" not in page_style().text


def test_a_process_reads_it_once_and_a_developer_sees_every_change(
    settings: Settings, tmp_path: Path
) -> None:
    assert page_style() is page_style()
    settings.DEBUG = True
    settings.BASE_DIR = tmp_path
    source = tmp_path / "static" / "css" / "a.css"
    source.parent.mkdir(parents=True)
    source.write_text("@layer base { a { color: red } }")
    before = page_style()
    source.write_text("@layer base { a { color: blue } }")
    after = page_style()
    assert "red" in before.text
    assert "blue" in after.text
    assert before.policy_source != after.policy_source


def test_a_page_holds_the_parts_that_it_names_and_no_others() -> None:
    plain, tracker = page_style().text, page_style("tracker").text
    assert ".site-header" in plain
    assert ".tracker__form" not in plain
    assert ".site-header" in tracker
    assert ".tracker__form" in tracker
    assert page_style("tracker").policy_source != page_style().policy_source
    with pytest.raises(UnknownPartError, match="trakcer"):
        page_style("tracker", "trakcer")


def test_the_file_holds_every_part() -> None:
    path = finders.find("css/site.css")
    assert isinstance(path, str)
    assert ".tracker__form" in Path(path).read_text()


def test_a_page_stays_within_its_budget() -> None:
    assert len(gzip.compress(assemble(SOURCES).encode())) <= 25_000
    scripts = (Path(settings.BASE_DIR) / "static" / "js").glob("*.js")
    assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= 10_000


def test_files_stay_small_and_every_rule_is_in_a_layer() -> None:
    for path in SOURCES:
        assert len(path.read_text().splitlines()) < 250, path.name
        if path.name != "fonts.css":
            assert "@layer " in path.read_text(), path.name


def test_directions_are_logical_so_that_arabic_mirrors() -> None:
    physical = ("margin-left", "margin-right", "padding-left", "padding-right", "float: ")
    for path in SOURCES:
        text = path.read_text()
        assert not [name for name in physical if name in text], path.name
