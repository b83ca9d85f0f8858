"""The page of a report."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Page

from tests import factories
from tests.html import Element, parse
from tracker.models import FrozenRecord, YearlyReport
from tracker.reports.services import AlreadyFrozenError, freeze, order_file

from .factories import YearlyReportFactory, make_world

URL = "/tracker/report/2024/"


def article(client: Client, url: str = URL) -> Element:
    return parse(client.get(url).content.decode()).find("article")


def rows_under(shown: Element, heading: str) -> list[list[str]]:
    section = next(
        element for element in shown.find_all("div") if element.get("aria-labelledby") == heading
    )
    return [[cell.text for cell in row.elements] for row in section.find("tbody").find_all("tr")]


def test_every_state_is_in_the_table_of_its_region(report: YearlyReport, client: Client) -> None:
    rows = rows_under(article(client), "report-middle-east-north-africa")
    assert rows == [
        ["Algeria", "State Party since 1 July 2002 (to be verified)", "Enacted", "Not known"],
        ["Libya", "Signed on 5 May 2000, not ratified (to be verified)", "Not known", "Not known"],
    ]
    names = [row[0] for row in rows_under(article(client), "report-africa")]
    assert names == ["Benin", "Chad", "Ghana", "Kenya", "Mali"]


def test_bars_are_beside_their_numbers(report: YearlyReport, client: Client) -> None:
    figure = next(
        figure
        for figure in article(client).find_all("figure")
        if "States Parties by region" in figure.find("figcaption").text
    )
    drawn = {
        row.elements[0].text: (row.elements[2].text, float(row.find("rect")["width"]))
        for row in figure.find("tbody").find_all("tr")
    }
    assert drawn["Africa"] == ("3", 240)
    assert drawn["Middle East & North Africa"] == ("1", 80)
    assert drawn["Europe"] == ("0", 0)


def test_the_chart_of_growth_agrees_with_its_table(report: YearlyReport, client: Client) -> None:
    figure = next(
        figure for figure in article(client).find_all("figure") if figure.find_all("details")
    )
    rows = [[cell.text for cell in row.elements] for row in figure.find("tbody").find_all("tr")]
    assert rows[0] == ["1998", "0"]
    assert rows[-1] == ["2024", "4"]
    assert figure.find("title").text == "Growth of membership: 4 States Parties in 2024"


def test_the_contents_lead_to_parts_of_the_page(report: YearlyReport, client: Client) -> None:
    shown = article(client)
    targets = [
        link["href"].removeprefix("#")
        for link in shown.find("nav").find_all("a")
        if link["href"].startswith("#")
    ]
    ids = {element.get("id") for tag in ("h2", "h3") for element in shown.find_all(tag)}
    assert len(targets) == 10
    assert set(targets) <= ids


def test_the_map_shows_the_day_of_the_report(report: YearlyReport, client: Client) -> None:
    titles = {title.text for title in article(client).find_all("title")}
    assert "Chad: State Party since 1 July 2002; withdrawal takes effect on 1 March 2025" in titles


def test_reports_are_listed_the_latest_first(report: YearlyReport, client: Client) -> None:
    freeze(report_id=YearlyReportFactory.create(year=2025).pk)
    page = parse(client.get("/tracker/report/").content.decode()).find("main")
    assert [heading.text for heading in page.find_all("h2")] == [
        "Where states stood in 2025",
        "Where states stood in 2024",
    ]


def test_a_year_without_a_report_is_not_found(report: YearlyReport, client: Client) -> None:
    assert client.get("/tracker/report/1999/").status_code == 404
    assert client.get("/tracker/report/1999.pdf").status_code == 404
    assert client.get(f"/tracker/report/{10**30}/").status_code == 404


def test_a_page_needs_the_same_queries_whatever_the_number_of_states(
    report: YearlyReport, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(URL)
    with django_assert_max_num_queries(15) as before:
        client.get(URL)
    for number in range(20):
        factories.TreatyActionFactory.create(country__iso3=f"X{chr(65 + number)}X")
    freeze(report_id=YearlyReportFactory.create(year=2025).pk)
    with django_assert_max_num_queries(len(before.captured_queries)):
        assert client.get("/tracker/report/2025/").status_code == 200


def test_a_file_is_ordered_once(report: YearlyReport) -> None:
    for _times in range(3):
        order_file(report, "fr")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'language' = 'fr' AND status = 'todo'"
        )
        assert cursor.fetchone() == (1,)


def test_if_two_users_freeze_at_once_one_succeeds(transactional_db: None) -> None:
    home = factories.HomePageFactory.create(parent=Page.objects.get(depth=1))
    factories.serve_from(home)
    make_world()
    report = YearlyReportFactory.create()
    together = Barrier(2)

    def try_it() -> bool:
        try:
            together.wait(timeout=30)
            freeze(report_id=report.pk)
        except AlreadyFrozenError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(future.result() for future in [pool.submit(try_it), pool.submit(try_it)])
    assert outcomes == [False, True]
    assert FrozenRecord.objects.count() == 1


@pytest.mark.parametrize("url", [URL, "/ar" + URL])
def test_both_directions_are_well_formed(report: YearlyReport, client: Client, url: str) -> None:
    assert article(client, url).find("h1").text == report.title
