"""Fixtures: an issue that may be sent, and its readers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Locale

from core.models import User
from home.models import HomePage
from newsletter.mailings import services
from newsletter.models import IssueIndexPage, IssuePage, Mailing
from tests import factories
from tests.newsletter.factories import SubscriberFactory

Order = Callable[..., Mailing]


@pytest.fixture
def index(home_page: HomePage) -> IssueIndexPage:
    page: IssueIndexPage = factories.IssueIndexPageFactory.create(
        parent=home_page, title="Newsletter", slug="newsletter"
    )
    return page


@pytest.fixture
def issue(index: IssueIndexPage) -> IssuePage:
    """Create a published issue in English that passes the checks, without recipients."""
    page: IssuePage = factories.IssuePageFactory.create(
        parent=index,
        title="Global justice news, November 2026",
        slug="november-2026",
        preheader="What states did for justice",
        body=[("text", "<p>Words with a <a href='https://site.example/page'>link</a>.</p>")],
    )
    page.save_revision().publish()
    page.refresh_from_db()
    return page


@pytest.fixture
def french(issue: IssuePage) -> IssuePage:
    """Create the published French translation of the issue."""
    locale = Locale.objects.get_or_create(language_code="fr")[0]
    for page in (issue.get_parent().get_parent(), issue.get_parent()):
        page.specific.copy_for_translation(locale).save_revision().publish()
    copy: IssuePage = issue.copy_for_translation(locale)
    copy.title = "Nouvelles de la justice"
    copy.save_revision().publish()
    copy.refresh_from_db()
    return copy


@pytest.fixture
def readers() -> None:
    """Create three readers of English and two of French."""
    SubscriberFactory.create_batch(3, confirmed=True)
    SubscriberFactory.create_batch(2, confirmed=True, language="fr")


@pytest.fixture
def order(issue: IssuePage, superuser: User) -> Order:
    """Order the issue, for now or in some hours, with its warnings accepted."""

    def order(*, hours: float = 0, **changes: Any) -> Mailing:
        arguments: dict[str, Any] = {
            "page": issue,
            "user": superuser,
            "scheduled_at": timezone.now() + timedelta(hours=hours) if hours else None,
            "warnings_accepted": True,
        }
        return services.order_issue(**{**arguments, **changes})

    return order
