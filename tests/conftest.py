"""Shared fixtures: a site with the five regions and the nine campaigns."""

import gc
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker
from wagtail.models import Page

from campaigns.choices import Topic
from core.models import User
from home.models import HomePage
from local_site import embedded_database
from record.choices import Region
from regions.choices import KeyFactKind

from . import factories, indexes, template_database
from .snapshots import Addition, DatabaseStates

pytest_plugins = ["tests.markers"]

STATES = pytest.StashKey[tuple[DatabaseStates, DjangoDbBlocker]]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Restore the state left by migrations, for a test that requests no other state of the database."""
    states, blocker = item.config.stash.get(STATES, (None, None))
    if states and blocker and "transactional_db" not in getattr(item, "fixturenames", ()):
        with blocker.unblock():
            states.end()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Start the embedded database, unless `DATABASE_URL` names another."""
    if not connection.settings_dict["NAME"]:
        # A server of its own: the data of `make site` must survive a power cut, unlike that of tests.
        started = embedded_database.start(settings.VAR_DIR / "test-postgres", is_durable=False)
        connection.settings_dict.update(
            {name: started[name] for name in ("NAME", "USER", "HOST", "PORT")}
        )


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Replace pytest-django's fixture, which runs all migrations in every process of every run."""
    test_database = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        template_database.clone(test_database, template_database.migrated(test_database))
    with template_database.connected_to(test_database):
        yield
    with django_db_blocker.unblock():
        template_database.drop(test_database)


@pytest.fixture(scope="session")
def database_states(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config
) -> Iterator[DatabaseStates]:
    with django_db_blocker.unblock():
        states = DatabaseStates()
    pytestconfig.stash[STATES] = states, django_db_blocker
    yield states
    with django_db_blocker.unblock():
        states.drop()


@pytest.fixture
def transactional_db(
    database_states: DatabaseStates, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The database with commits that other connections see, for servers, workers and races.

    It replaces pytest-django's fixture, which empties the tables that migrations fill.
    """
    with django_db_blocker.unblock():
        database_states.hold_migrated()
        yield


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest) -> None:
    """Leave a test with `transactional_db` to that fixture, also where another of its fixtures asks for `db`.

    Otherwise pytest-django would empty every table after the test, and each of them would have to be filled again:
    0.3 s a test.
    """
    is_committed = "transactional_db" in request.fixturenames
    request.getfixturevalue("transactional_db" if is_committed else "_django_db_helper")


@pytest.fixture(scope="session", autouse=True)
def without_search_index() -> None:
    """Update no index after each save: a fifth of the time of tests that make pages. See `search_index`."""
    indexes.stop()


@pytest.fixture
def search_index() -> Iterator[None]:
    """Update the indexes of search and of references after each save, as the site does."""
    with indexes.updated():
        yield


@pytest.fixture(autouse=True)
def language_of_developers() -> Iterator[None]:
    """Activate English, since a request leaves its language active for the next code in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


# No deadline, because the duration of an example depends on the load of the machine.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations that changed, so that a bare `pytest` has every language too."""
    if hasattr(config, "workerinput"):  # The process that started this one has compiled them.
        return
    for directory in settings.LOCALE_PATHS:
        for catalogue in Path(directory).glob("*/LC_MESSAGES/django.po"):
            _compile(catalogue)


def pytest_collection_finish() -> None:
    """Exclude imported objects from garbage collection, because every full collection would examine them all."""
    gc.collect()
    gc.freeze()


def _compile(catalogue: Path) -> None:
    compiled = catalogue.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime > catalogue.stat().st_mtime:
        return
    with catalogue.open("rb") as source, compiled.open("wb") as target:
        write_mo(target, read_po(source, locale=catalogue.parent.parent.name))


@pytest.fixture
def home_page(db: None) -> HomePage:
    """A published front page at `/`."""
    return make_home_page()


def make_home_page() -> HomePage:
    home_page: HomePage = factories.HomePageFactory.create(parent=Page.objects.get(depth=1))
    factories.serve_from(home_page)
    return home_page


@pytest.fixture(scope="session")
def regions_and_campaigns(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Addition:
    """The pages that `site_tree` adds. Hundreds of tests need them, and creating them takes a second."""

    def make() -> None:
        home_page = HomePage.objects.get()
        region_index = factories.RegionIndexPageFactory(parent=home_page, show_in_menus=True)
        for region in Region:
            page = factories.RegionPageFactory(parent=region_index, region=region)
            for place, kind in enumerate(list(KeyFactKind)[:3]):
                factories.KeyFactFactory(page=page, kind=kind, sort_order=place)
        campaign_index = factories.CampaignIndexPageFactory(parent=home_page, show_in_menus=True)
        for topic in Topic:
            factories.CampaignPageFactory(parent=campaign_index, topic=topic)

    with django_db_blocker.unblock():
        return Addition.of(make_home_page, make)


@pytest.fixture
def site_tree(regions_and_campaigns: Addition, home_page: HomePage) -> HomePage:
    """The front page with every region and campaign under it, each region with three key facts."""
    regions_and_campaigns.add()
    home_page.numchild = 2
    home_page.save(update_fields=["numchild"], clean=False)
    return home_page


@pytest.fixture
def superuser(db: None) -> User:
    return factories.SuperuserFactory.create()


@pytest.fixture
def staff_client(client: Client, superuser: User) -> Client:
    client.force_login(superuser)
    return client
