"""The demo content as visitors read it: every fact of the brief is on its page, and no link is broken."""

import itertools
import json
import re
from collections import Counter, deque
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from django.test import Client
from pytest_django import DjangoDbBlocker

from charts.world_map import WORLD, world_shapes
from home.demo_content.files import BRIEF, read_page_files
from regions.choices import KeyFactKind
from tests.content import address_of, hold_demo_content
from tests.snapshots import DatabaseStates

BRIEF_FACTS = yaml.safe_load(BRIEF.read_text(encoding="utf-8"))
REGIONS = BRIEF_FACTS["where_we_work"]["regions"]
TOPICS = BRIEF_FACTS["campaigns"]["topics"]
MOST_OF_A_KIND = 12
COUNTRY_PAGE = re.compile(r"/where-we-work/[^/]+/[^/]+/")
LINK = re.compile(r'<a\s[^>]*?\bhref="([^"]*)"')

ADDRESSES = [address_of(file.key) for file in read_page_files()]

# pytest-django sets up no database for the fixture unless a test requests one.
pytestmark = pytest.mark.django_db


@dataclass
class Visited:
    """The response at an address, its distance from the front page in clicks, and the first page that linked to it."""

    status: int
    clicks: int
    linked_from: str
    html: str

    @cached_property
    def document(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "html.parser")

    @property
    def main(self) -> Tag:
        main = self.document.main
        assert main is not None
        return main


Visits = dict[str, Visited]


@pytest.fixture(scope="module")
def visits(database_states: DatabaseStates, django_db_blocker: DjangoDbBlocker) -> Visits:
    """Return the response at every address that can be reached by clicking from the front page."""
    with django_db_blocker.unblock():
        hold_demo_content(database_states)
        visits = visit_all(Client())
        database_states.hold_migrated()
    return visits


def kind_of(address: str) -> str:
    """Return the kind of page at an address. Pages of one kind differ only in their state or filters."""
    parts = urlsplit(address)
    if parts.query:
        return f"{parts.path}?{sorted(name for name, _value in parse_qsl(parts.query))}"
    if "/report-an-error/" in parts.path:
        return "a form"
    if COUNTRY_PAGE.fullmatch(parts.path):
        return f"a country of {parts.path.split('/')[2]}"
    return address


def is_of_one_state(address: str) -> bool:
    """Return whether the address is one of 196 that differ only by state, of which one is enough to test."""
    parts = urlsplit(address)
    return "country" in dict(parse_qsl(parts.query)) or kind_of(address).startswith("a ")


def visit_all(client: Client) -> Visits:
    visits: Visits = {}
    visits_of_kind: Counter[str] = Counter()
    waiting = deque([("/", 0, "")])
    while waiting:
        address, clicks, linked_from = waiting.popleft()
        most = 1 if is_of_one_state(address) else MOST_OF_A_KIND
        if address in visits or visits_of_kind[kind_of(address)] == most:
            continue
        visits_of_kind[kind_of(address)] += 1
        response = client.get(address)
        is_html = response["Content-Type"].startswith("text/html")
        visit = Visited(response.status_code, clicks, linked_from, response.text if is_html else "")
        visits[address] = visit
        # Searched as text, since parsing hundreds of pages as documents would take too long.
        for href in LINK.findall(visit.html):
            target = urlsplit(urldefrag(urljoin(address, unescape(href))).url)
            # Filters can be combined without end, so only those one click from a plain address are followed.
            is_endless = bool(target.query and urlsplit(address).query)
            if not target.netloc and not target.scheme and not is_endless:
                waiting.append((target.geturl(), clicks + 1, address))
    return visits


def facts_of(page: Tag) -> set[tuple[str, str]]:
    """Return the labels and values of the page's definition lists."""
    return {
        (words(term), words(value))
        for term in page.select("dt")
        if isinstance(value := term.find_next_sibling("dd"), Tag)
    }


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


@pytest.mark.parametrize("region", REGIONS, ids=lambda region: region["slug"])
def test_every_figure_of_the_brief_is_on_its_region_page(
    visits: Visits, region: dict[str, Any]
) -> None:
    page = visits[f"/where-we-work/{region['slug']}/"].main
    facts, text = facts_of(page), words(page)
    for kind, value in region["key_facts"].items():
        if (
            kind == KeyFactKind.ICC_MEMBER_STATES
        ):  # Counted from the record, with the published figure beside it.
            assert f"Last published figure: {value} (" in text
        else:
            assert (str(KeyFactKind(kind).label), str(value)) in facts
    assert "as last published by the secretariat" in words(page)


def test_the_front_page_says_how_large_the_coalition_is(visits: Visits) -> None:
    organisation = BRIEF_FACTS["organisation"]
    page = visits["/"].main
    assert facts_of(page) >= {("member organisations", "2,500+"), ("countries", "150")}
    lead = words(page)
    assert f"{organisation['member_organisations']} civil society organisations" in lead
    assert f"in {organisation['countries']} countries" in lead


def test_where_we_work_gives_the_message_the_aims_and_the_regions(visits: Visits) -> None:
    page = words(visits["/where-we-work/"].main)
    assert "dozens of national coalitions" in page
    for aim in (
        "states become members",
        "National courts prosecute grave crimes",
        "cooperate better",
        "Regional bodies",
        "The public supports justice and accountability",
    ):
        assert aim in page
    for region in REGIONS:
        assert region["region"] in page


def test_the_campaigns_give_the_message_and_all_topics(visits: Visits) -> None:
    page = words(visits["/campaigns/"].main)
    assert BRIEF_FACTS["campaigns"]["index_title"] in page
    for ask in ("arrest suspects", "protect victims and witnesses", "people and money"):
        assert ask in page
    for topic in TOPICS:
        assert topic["title"] in page


def test_the_about_page_names_the_secretariat(visits: Visits) -> None:
    page = words(visits["/about/"].main)
    for person in BRIEF_FACTS["organisation"]["secretariat"]:
        assert f"{person['name']} , {person['role']}" in page
    for area in BRIEF_FACTS["organisation"]["areas_of_work"]:
        assert area in page


def test_the_contact_form_asks_for_name_address_subject_and_message(visits: Visits) -> None:
    labels = [words(label) for label in visits["/contact/"].main.select("form label")]
    for asked in ("Your name", "Your e-mail address", "What is it about?", "Your message"):
        assert any(label.startswith(asked) for label in labels), asked


def test_the_privacy_page_says_how_long_messages_are_kept(visits: Visits) -> None:
    (contact,) = [file for file in read_page_files() if file.key == "contact"]
    assert f"deletes it after {contact.fields['keep_days']} days" in words(visits["/privacy/"].main)


@pytest.mark.parametrize(
    ("place", "document"),
    [
        ("Crimea", "68/262"),
        ("The Golan", "497"),
        ("Western Sahara", "Non-Self-Governing Territories"),
        ("Kosovo", "1244"),
        ("Taiwan", "2758 (XXVI)"),
        ("The north of Cyprus", "541"),
        ("Palestine", "67/19"),
    ],
)
def test_the_territory_policy_gives_the_document_for_what_the_map_shows(
    visits: Visits, place: str, document: str
) -> None:
    items = {
        words(item.b): words(item)
        for item in visits["/territory-policy/"].main.select("li")
        if item.b is not None
    }
    (text,) = [text for name, text in items.items() if name.rstrip(".") == place]
    assert document in text


def test_the_territory_policy_names_the_land_without_colour(visits: Visits) -> None:
    names = {
        "ATF": "French Southern Lands",
        "ESH": "Western Sahara",
        "FLK": "Falkland Islands (Malvinas)",
        "GRL": "Greenland",
        "NCL": "New Caledonia",
        "PRI": "Puerto Rico",
        "SGS": "South Georgia",
        "XSG": "Siachen Glacier",
    }
    drawing = json.loads(WORLD.read_text(encoding="utf-8"))
    assert drawing["territories"].keys() == names.keys()
    policy = words(visits["/territory-policy/"].main)
    for name in names.values():
        assert name in policy


def test_the_territory_policy_counts_the_states_that_the_map_shows(visits: Visits) -> None:
    assert f"show {len(world_shapes().elements)} states" in words(visits["/territory-policy/"].main)


def test_no_address_of_a_person_is_published(visits: Visits) -> None:
    for address in ADDRESSES:
        assert not re.search(
            r"[\w.]+@(?!example\.org)[\w-]+\.\w+|mailto:", str(visits[address].main)
        ), address


def test_every_campaign_is_two_clicks_from_the_front_page(visits: Visits) -> None:
    for topic in TOPICS:
        assert visits[f"/campaigns/{topic['slug']}/"].clicks <= 2


def test_every_page_is_reached_by_clicking(visits: Visits) -> None:
    assert set(ADDRESSES) <= set(visits)


def test_no_link_is_dead(visits: Visits) -> None:
    dead = {address: page.linked_from for address, page in visits.items() if page.status != 200}
    assert not dead


@pytest.mark.parametrize("address", ADDRESSES)
def test_headings_go_down_step_by_step(visits: Visits, address: str) -> None:
    levels = [int(heading.name[1]) for heading in visits[address].main.select("h1, h2, h3, h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_placeholder_is_left(visits: Visits, address: str) -> None:
    assert not re.search(r"[{}]{2}|\*\*|\]\(", words(visits[address].main))


@pytest.mark.parametrize("address", ADDRESSES)
def test_search_engines_get_a_description(visits: Visits, address: str) -> None:
    description = visits[address].document.select_one('meta[name="description"]')
    assert description is not None
    assert 70 <= len(description["content"]) <= 160
