"""Every kind of page responds in its language and in valid HTML."""

from collections.abc import Iterator

import pytest

from .addresses import Address, addresses
from .html_validity import HtmlValidator
from .visitors import ClientVisitor


@pytest.fixture(scope="module")
def html_validator() -> Iterator[HtmlValidator]:
    with HtmlValidator() as validator:
        yield validator


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(
    ("address", "language"),
    [
        pytest.param(address, language, id=f"{address.name}, {language}")
        for address in addresses()
        for language in address.languages
    ],
)
def test_the_html_is_valid(address: Address, language: str, html_validator: HtmlValidator) -> None:
    answer = address.visit(ClientVisitor(), language)
    assert html_validator.faults(answer.html) == []
