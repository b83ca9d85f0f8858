"""Fixtures: a site with an archive, and changes of the record."""

from datetime import UTC, date, datetime
from typing import Any
from unittest import mock

import pytest
from wagtail.models import Locale

from home.models import HomePage
from news.models import NewsIndexPage
from newsletter.models import IssueIndexPage
from record.choices import Cause, ChangeKind, Treaty
from record.models import Country, RecordChange, RecordVersion
from tests import factories

SITE = "https://www.example.org"


@pytest.fixture(autouse=True)
def site_address(settings: Any) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def archive(site_tree: HomePage) -> IssueIndexPage:
    page: IssueIndexPage = factories.IssueIndexPageFactory.create(parent=site_tree)
    return page


@pytest.fixture
def news_index(site_tree: HomePage) -> NewsIndexPage:
    page: NewsIndexPage = factories.NewsIndexPageFactory.create(parent=site_tree)
    return page


@pytest.fixture
def french(site_tree: HomePage) -> Locale:
    return in_language(site_tree, "fr")


@pytest.fixture
def arabic(site_tree: HomePage) -> Locale:
    return in_language(site_tree, "ar")


def in_language(home: HomePage, code: str) -> Locale:
    """Return a locale in which the front page is published."""
    locale = Locale.objects.get_or_create(language_code=code)[0]
    home.copy_for_translation(locale).save_revision().publish()
    return locale


def change(
    day: date,
    *,
    country: Country,
    kind: str = ChangeKind.ADDED,
    number: int = 1,
    before: dict[str, Any] | None = None,
    cause: str = Cause.EDIT,
) -> RecordVersion:
    """Create a version of the record, at noon of that day, in which the country acceded `number` times."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    # The trail is append-only, so a row cannot be backdated.
    with mock.patch("django.utils.timezone.now", return_value=noon):
        version = RecordVersion.objects.create(cause=cause)
    after = {"treaty": Treaty.ROME_STATUTE, "action": "accession", "date": day.isoformat()}
    for _ in range(number):
        RecordChange.objects.create(
            version=version,
            country=country,
            kind=kind,
            entry="treatyaction",
            before=before,
            after=after,
        )
    return version
