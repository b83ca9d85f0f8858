"""The page of the tracker without JavaScript."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from record.choices import Treaty
from record.models import Country
from tests.core.test_metadata import structured_data
from tests.factories import CountryFactory, ImplementingLawFactory, TreatyActionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home_page")]


def page(client: Client, query: str = "", *, status: int = 200) -> str:
    response = client.get(f"/tracker/{query}")
    assert response.status_code == status
    return response.text


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def table_of(html: str) -> dict[str, str]:
    """Return the text of each state's row by code."""
    rows = re.findall(r'<tr id="(\w+)">(.*?)</tr>', html, re.DOTALL)
    return {iso3: words(row) for iso3, row in rows}


def map_of(html: str) -> list[str]:
    """Return the accessible names of the states on the map."""
    (picture,) = re.findall(r'<svg class="map__picture".*?</svg>', html, re.DOTALL)
    return [unescape(title) for title in re.findall(r"<title>(.*?)</title>", picture)]


def links(html: str) -> dict[str, str]:
    return {
        words(text).strip(): unescape(href)
        for href, text in re.findall(r'<a\b[^>]*\bhref="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    }


def test_each_state_shows_its_status(client: Client, states: dict[str, Country]) -> None:
    html = page(client, "?on=2026-11-22")
    rows = table_of(html)
    assert list(rows) == ["ARM", "BDI", "CHN", "EGY", "NER", "SEN"]
    assert (
        "State Party since 1 July 2002; withdrawal takes effect on 18 June 2027 to be verified"
        in rows["NER"]
    )
    assert "State Party since 1 February 2024" in rows["ARM"]
    assert "Adopt a law on cooperation." in rows["ARM"]
    assert "Withdrew on 27 October 2017" in rows["BDI"]
    assert "Signed on 26 December 2000, not ratified" in rows["EGY"]
    assert "Not a party" in rows["CHN"]
    assert "State Party since 1 July 2002" in rows["SEN"]
    assert "Enacted to be verified" in rows["SEN"]
    assert "On 22 November 2026, 3 of 6 states were parties" in words(html)


def test_the_map_shows_the_same_as_the_table(client: Client, states: dict[str, Country]) -> None:
    html = page(client, "?on=2026-11-22&region=africa")
    rows = table_of(html)
    assert len(rows) == 3
    drawn = dict(label.split(": ", 1) for label in map_of(html))
    assert drawn.keys() == {"Burundi", "Niger", "Senegal"}
    for name, status in drawn.items():
        assert any(f"{name} " in row and status in row for row in rows.values())


def test_every_status_and_region_is_a_link_with_its_count(
    client: Client, states: dict[str, Country]
) -> None:
    html = page(client, "?on=2026-11-22&region=africa")
    assert "3 of 6 states" in words(html)
    counts = re.findall(r"<dt>(.*?)</dt>\s*<dd>(\d+)</dd>", html, re.DOTALL)
    assert [(words(label).strip(), int(number)) for label, number in counts] == [
        ("State Party", 2),
        ("State Party that gave notice of withdrawal", 1),
        ("Signatory", 0),
        ("Not a party", 0),
        ("Withdrawn", 1),
    ]
    address = links(html)["State Party that gave notice of withdrawal"]
    assert list(table_of(client.get(address).text)) == ["NER"]
    assert list(table_of(client.get(links(html)["Europe"]).text)) == ["ARM"]
    # The link of the chosen region removes the filter.
    assert len(table_of(client.get(links(html)["Africa"]).text)) == 6


def test_a_filter_that_is_set_can_be_removed(client: Client, states: dict[str, Country]) -> None:
    html = page(client, "?on=2026-11-22&region=africa&status=withdrawn&q=bur")
    chips = {name: href for name, href in links(html).items() if name.startswith("Remove:")}
    assert chips == {
        "Remove: Name or code of the state: bur ×": "/tracker/?on=2026-11-22&region=africa&status=withdrawn",
        "Remove: On the day: 22 November 2026 ×": "/tracker/?q=bur&region=africa&status=withdrawn",
        "Remove: Region: Africa ×": "/tracker/?q=bur&on=2026-11-22&status=withdrawn",
        "Remove: Status: Withdrawn ×": "/tracker/?q=bur&on=2026-11-22&region=africa",
    }


def test_column_headings_sort_and_reverse(client: Client, states: dict[str, Country]) -> None:
    html = page(client, "?on=2026-11-22")
    assert 'aria-sort="ascending"' in html
    by_status = client.get(links(html)["Rome Statute"]).text
    assert list(table_of(by_status)) == ["ARM", "NER", "SEN", "EGY", "BDI", "CHN"]
    turned = client.get(links(by_status)["Rome Statute"]).text
    assert next(iter(table_of(turned))) == "CHN"
    assert 'aria-sort="descending"' in turned


def test_years_lead_to_their_last_day(client: Client, states: dict[str, Country]) -> None:
    html = page(client, "?on=2016-12-31")
    bars = {name: href for name, href in links(html).items() if re.match(r"\d{4} :", name)}
    assert bars["2002 : 2"] == "/tracker/?on=2002-12-31"
    assert bars["2016 : 3"] == "/tracker/?on=2016-12-31"
    assert bars["2017 : 2"] == "/tracker/?on=2017-12-31"
    assert bars["2027 : 2"] == "/tracker/?on=2027-12-31"
    assert links(html)["To 2015"] == "/tracker/?on=2015-12-31"
    assert links(html)["To 2017"] == "/tracker/?on=2017-12-31"


def test_days_to_come_are_reported_as_known_today(
    client: Client, states: dict[str, Country]
) -> None:
    html = page(client, "?on=2027-12-31")
    assert "As far as is known today, 2 of 6 states will be parties" in words(html)
    assert "Withdrew on 18 June 2027" in table_of(html)["NER"]


def test_errors_are_beside_their_fields(client: Client, states: dict[str, Country]) -> None:
    html = page(client, "?on=2020-13-45&region=mars&status=withdrawn", status=400)
    assert "“2020-13-45” is not a date." in words(html)
    assert 'value="2020-13-45"' in html
    assert 'aria-describedby="id_on_error"' in html
    assert "“mars” is not one of the choices." in words(html)
    assert list(table_of(html)) == ["BDI"]
    assert '<meta name="robots" content="noindex">' in html


def test_a_search_without_results_says_so(client: Client, states: dict[str, Country]) -> None:
    html = page(client, "?q=atlantis")
    assert "0 of 6 states" in words(html)
    assert "No state matches on that date." in words(html)


def test_a_tracker_without_a_record_opens(client: Client) -> None:
    assert "No state matches" in words(page(client))


def test_the_page_describes_its_data_to_search_engines(
    client: Client, states: dict[str, Country]
) -> None:
    html = page(client)
    assert '<meta name="description"' in html
    dataset = [
        entry
        for text in re.findall(r'<script type="application/ld\+json">.*?</script>', html, re.DOTALL)
        for entry in structured_data(text)
        if entry["@type"] == "Dataset"
    ]
    assert dataset[0]["distribution"][0]["contentUrl"].endswith("/tracker/countries.csv")
    # Filtered views are not indexed by search engines.
    assert '"Dataset"' not in page(client, "?region=africa")


def test_the_view_can_be_cited_and_embedded(client: Client, states: dict[str, Country]) -> None:
    CountryFactory.create(iso3="XYZ")  # Saved through the model, so that the record has a version.
    html = page(client, "?on=2010-01-01&region=africa&q=nig")
    assert re.search(r"as of 1 January 2010, record \d{4}-\d\d-\d\d\.\d+,", words(html))
    assert "/tracker/?q=nig&on=2010-01-01&region=africa" in words(html)
    (snippet,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert re.search(
        r'^<iframe src="http[^"]+/tracker/embed/\?on=2010-01-01&region=africa"',
        unescape(unescape(snippet)),
    )


def test_only_get_is_allowed(client: Client) -> None:
    assert client.post("/tracker/").status_code == 405


NAMES = [
    "q",
    "on",
    "region",
    "status",
    "complementarity",
    "cooperation",
    "focus",
    "sort",
    "region[]",
    "",
]


# Examples write nothing, so they can share a database.
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(NAMES),
        st.lists(st.one_of(st.text(max_size=60), st.binary(max_size=20)), max_size=2),
        max_size=4,
    ),
    path=st.sampled_from(
        ["/tracker/", "/fr/tracker/", "/tracker/countries.csv", "/ar/tracker/embed/"]
    ),
)
def test_no_query_breaks_a_view(
    client: Client, query: dict[str, list[str | bytes]], path: str
) -> None:
    assert client.get(path, query).status_code in {200, 400}


@pytest.mark.parametrize("path", ["/tracker/", "/tracker/countries.csv", "/tracker/embed/"])
@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("%ff%fe", 200),
        ("on=%F0%9F", 400),
        ("region=%00", 400),
        ("&&&==;", 200),
        ("region=" + "%41" * 5_000, 400),
        ("region=africa&region=europe", 400),
    ],
)
def test_raw_bytes_break_no_view(client: Client, path: str, raw: str, status: int) -> None:
    assert client.get(path, QUERY_STRING=raw).status_code == status


def _cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_more_actions_need_no_more_queries(client: Client, states: dict[str, Country]) -> None:
    paths = [
        "/tracker/",
        "/tracker/?region=africa&q=e",
        "/tracker/countries.csv",
        "/tracker/embed/",
    ]
    client.get("/tracker/")  # Content types and the roots of sites are loaded once.
    before = {path: _cost(client, path) for path in paths}
    for country in states.values():
        for number in range(30):
            day = date(2003, 1, 1) + timedelta(days=number)
            TreatyActionFactory.create(country=country, treaty=Treaty.APIC, date=day)
            ImplementingLawFactory.create(country=country, title=f"Law {number}")
    for _ in range(50):
        CountryFactory.create()
    assert {path: _cost(client, path) for path in paths} == before
    assert before["/tracker/"] <= 12
    assert before["/tracker/countries.csv"] <= 5
