"""Every public text is translated into every language of the site, with all its placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from local_site.catalogues import CATALOGUES, ROOT, STAFF, public_messages, translations_of

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# The numbers that select a plural form. A form for one or two may contain the number in words.
NUMBERS = {"%(number)s", "%(days)s", "%(pages)s"}


@pytest.fixture(scope="module")
def messages() -> Catalog:
    return public_messages()


@pytest.fixture(params=CATALOGUES, ids=lambda path: str(path.parts[-3]))
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    path: Path = request.param
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def test_there_is_a_catalogue_for_every_language() -> None:
    assert [path.parts[-3] for path in CATALOGUES] == ["ar", "es", "fr"]


def test_every_public_message_is_translated(messages: Catalog, catalogue: Catalog) -> None:
    assert len(messages) > 500
    without = [
        f"{message.locations[0][0]}: {message.id}"
        for message in messages
        if not _is_told(message, catalogue)
    ]
    assert without == [], "Run `make translations`, and translate these."


def test_nothing_is_left_of_messages_that_are_gone(messages: Catalog, catalogue: Catalog) -> None:
    assert not catalogue.obsolete
    gone = [message.id for message in catalogue if message.id and _of(message, messages) is None]
    assert gone == [], "Run `make translations`."


def test_translations_have_the_placeholders_of_their_message(catalogue: Catalog) -> None:
    wrong = [message.id for message in catalogue if message.id and not _fits(message)]
    assert wrong == []
    assert [str(error) for _message, errors in catalogue.check() for error in errors] == []


def test_nothing_is_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_french_keeps_its_signs_on_the_line_of_their_word() -> None:
    [path] = [path for path in CATALOGUES if path.parts[-3] == "fr"]
    assert re.findall(r".* [:;?!»].*|.*« .*", path.read_text().replace("#: ", "#")) == []


def test_the_catalogue_compiles(catalogue: Catalog, tmp_path: Path) -> None:
    with (tmp_path / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
    assert (tmp_path / "django.mo").stat().st_size > 10_000


def test_paths_of_staff_texts_exist() -> None:
    """A path that no longer exists could later hide a public module of the same name."""
    assert [name for name in STAFF if not (ROOT / name).exists()] == []


def _of(message: Message, catalogue: Catalog) -> Message | None:
    return catalogue.get(message.id, message.context)


def _is_told(message: Message, catalogue: Catalog) -> bool:
    told = _of(message, catalogue)
    return not message.id or (told is not None and all(translations_of(told)))


def _fits(message: Message) -> bool:
    ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
    asked = {name for text in ids for name in PLACEHOLDER.findall(text)}
    *others, last = (set(PLACEHOLDER.findall(words)) for words in translations_of(message))
    return last == asked and all(asked - NUMBERS <= names <= asked for names in others)
