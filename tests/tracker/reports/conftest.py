"""A frozen report of a few states. Both are made once, because freezing takes a second."""

import pytest
from pytest_django import DjangoDbBlocker

from home.models import HomePage
from tests.conftest import make_home_page
from tests.snapshots import Addition
from tracker.models import YearlyReport
from tracker.reports.services import freeze

from .factories import YearlyReportFactory, make_world


@pytest.fixture(scope="session")
def small_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Addition:
    with django_db_blocker.unblock():
        return Addition.of(make_home_page, make_world)


@pytest.fixture(scope="session")
def frozen_report(small_world: Addition, django_db_blocker: DjangoDbBlocker) -> Addition:
    def prepare() -> None:
        make_home_page()
        small_world.add()

    with django_db_blocker.unblock():
        return Addition.of(prepare, lambda: freeze(report_id=YearlyReportFactory.create().pk))


@pytest.fixture
def world(small_world: Addition, home_page: HomePage) -> None:
    small_world.add()


@pytest.fixture
def draft(world: None) -> YearlyReport:
    return YearlyReportFactory.create()


@pytest.fixture
def report(frozen_report: Addition, world: None) -> YearlyReport:
    frozen_report.add()
    return YearlyReport.objects.get()
