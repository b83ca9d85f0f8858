"""The report of published figures that differ from the record, and the tasks on the home page of the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale
from wagtail_localize.operations import translate_object

from home.models import HomePage
from record.choices import Region
from record.models import RegionTeam
from regions.choices import KeyFactKind
from regions.models import KeyFact, RegionPage
from tests.factories import CountryFactory, RegionPageFactory, TreatyActionFactory, UserFactory

REPORT = "/admin/reports/published-figures/"
QUERIES = 15


@pytest.fixture
def record(site_tree: HomePage) -> None:
    """A record of one party each in Africa and Europe. The published figures are 1 and 30."""
    for region in (Region.AFRICA, Region.EUROPE):
        TreatyActionFactory.create(country=CountryFactory.create(region=region))
    KeyFact.objects.filter(page__region=Region.AFRICA).update(value=1)


def regions(response: Any) -> list[str]:
    return [fact.page.region for fact in response.context["object_list"]]


def test_figures_that_differ_are_listed_with_the_difference(
    staff_client: Client, record: None
) -> None:
    assert REPORT in staff_client.get("/admin/").text
    response = staff_client.get(REPORT)
    assert regions(response) == [Region.EUROPE]
    [fact] = response.context["object_list"]
    assert (fact.value, fact.counted_today, fact.difference) == (30, 1, -29)
    assert "-29" in response.text
    assert f"/admin/pages/{fact.page_id}/edit/" in response.text
    assert regions(staff_client.get(f"{REPORT}?show=all&region=africa")) == [Region.AFRICA]
    assert regions(staff_client.get(f"{REPORT}?region=africa")) == []
    assert staff_client.get(f"{REPORT}results/").status_code == 200


def test_a_figure_is_listed_once_for_all_languages(staff_client: Client, record: None) -> None:
    europe = RegionPage.objects.get(region=Region.EUROPE)
    french = Locale.objects.get_or_create(language_code="fr")[0]
    translate_object(europe, [french])
    RegionPage.objects.update(live=True)
    assert regions(staff_client.get(REPORT)) == [Region.EUROPE]
    KeyFact.objects.filter(locale=french).update(value=29)
    assert regions(staff_client.get(REPORT)) == [Region.EUROPE] * 2


def test_figures_of_drafts_and_of_other_kinds_are_no_published_ones(
    staff_client: Client, record: None
) -> None:
    RegionPage.objects.filter(region=Region.EUROPE).update(live=False)
    assert regions(staff_client.get(REPORT)) == []


def test_the_report_is_loaded_too(staff_client: Client, record: None) -> None:
    KeyFact.objects.update(source="=HYPERLINK(1)")
    text = staff_client.get(f"{REPORT}?export=csv").getvalue().decode()
    heading, row = text.splitlines()
    assert heading.startswith("Page,Region,Published,In the record today,Difference")
    assert row.startswith("Europe,Europe,30,1,-29,")
    assert "'=HYPERLINK(1)" in row


def test_the_report_needs_no_more_queries_for_more_pages(
    staff_client: Client, record: None
) -> None:
    staff_client.get(REPORT)
    costs = []
    parent = RegionPage.objects.all()[0].get_parent()
    others = [region for region in Region if not RegionPage.objects.filter(region=region)]
    for batch in (others[:2], others[2:]):
        for region in batch:
            page = RegionPageFactory(parent=parent, region=region)
            KeyFact.objects.create(
                page=page,
                kind=KeyFactKind.ICC_MEMBER_STATES,
                value=9,
                locale=page.locale,
                source="S",
            )
        with CaptureQueriesContext(connection) as queries:
            assert staff_client.get(REPORT).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] <= QUERIES


def test_only_editors_of_countries_read_it(client: Client, record: None) -> None:
    group = Group.objects.create(name="Newsroom")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user = UserFactory.create()
    user.groups.add(group)
    client.force_login(user)
    assert client.get(REPORT).status_code == 302
    assert "To do in the record" not in client.get("/admin/").text
    RegionTeam.objects.create(group=group, region=Region.AFRICA)
    assert client.get(REPORT).status_code == 200


def test_the_first_page_says_what_is_to_be_done(staff_client: Client, record: None) -> None:
    html = staff_client.get("/admin/").text
    for words in (
        "2 countries with facts to be verified",
        "2 countries not verified for a year",
        "1 published figures that differ",
    ):
        assert words in html
    assert "countries with unpublished changes" not in html
