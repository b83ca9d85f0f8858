"""A frozen report of a small world."""

import pytest

from coalition_site.home.models import HomePage
from regions.models import YearlyReport
from regions.reports.services import freeze

from .factories import YearlyReportFactory, make_world


@pytest.fixture
def world(home_page: HomePage) -> None:
    make_world()


@pytest.fixture
def draft(world: None) -> YearlyReport:
    return YearlyReportFactory.create()


@pytest.fixture
def report(draft: YearlyReport) -> YearlyReport:
    return freeze(report_id=draft.pk)
