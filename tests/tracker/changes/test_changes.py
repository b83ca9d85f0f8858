"""The public changes to the record, as a page and as feeds."""

from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home.models import HomePage
from record.choices import Action, Cause, Certainty, Region
from record.models import Country, RecordVersion
from record.models.trail import recording
from regions.models import RegionPage
from tests import factories
from tests.html import Element, parse

ATOM = "{http://www.w3.org/2005/Atom}"

pytestmark = pytest.mark.usefixtures("site_tree")


def kenya() -> Country:
    """Kenya, with a ratification that was recorded and then corrected by a day."""
    country = factories.CountryFactory.create(name_en="Kenya", iso3="KEN", region=Region.AFRICA)
    page = RegionPage.objects.get(region=Region.AFRICA)
    factories.CountryPageFactory.create(parent=page, country=country)
    action = factories.TreatyActionFactory.build(
        country=country, action=Action.RATIFICATION, date=date(2005, 3, 16)
    )
    country.treaty_actions = [action]
    country.save()
    return correct(country)


def correct(country: Country) -> Country:
    country = Country.objects.get(pk=country.pk)
    [action] = country.treaty_actions.all()
    action.date = date(2005, 3, 15)
    country.treaty_actions = [action]
    country.save()
    return country


def read(client: Client, address: str = "/tracker/changes/") -> Element:
    response = client.get(address)
    assert response.status_code == 200
    return parse(response.text).find("main")


def versions(main: Element) -> list[str]:
    lists = [ol for ol in main.find_all("ol") if ol.get("class") == "versions"]
    return [li.text for ol in lists for li in ol.elements]


def test_a_correction_is_marked_with_before_and_after(client: Client) -> None:
    kenya()
    newest, addition, country = versions(read(client))
    assert "Corrected Kenya Rome Statute: Ratification, 15 March 2005" in newest
    assert "date 16 March 2005 15 March 2005" in newest
    assert "Added Kenya Rome Statute: Ratification, 16 March 2005" in addition
    assert "Added Kenya General facts" in country


def test_a_change_leads_to_the_state(client: Client) -> None:
    kenya()
    links = {link["href"] for link in read(client).find_all("a")}
    assert "/where-we-work/africa/kenya/" in links


def test_choices_are_shown_by_label(client: Client) -> None:
    country = kenya()
    [action] = country.treaty_actions.all()
    action.certainty = Certainty.CONFIRMED
    country.treaty_actions = [action]
    country.save()
    assert "certainty To be verified Confirmed" in versions(read(client))[0]


def test_an_import_is_reported_as_one(client: Client) -> None:
    with recording(cause=Cause.IMPORT):
        factories.CountryFactory.create_batch(13)
    main = read(client)
    [told] = versions(main)
    assert "Import: 13 states, 13 entries" in told
    assert "Land" not in told
    [link] = [a["href"] for a in main.find_all("a") if "version=" in a["href"]]
    [whole] = versions(read(client, f"/tracker/changes/{link}"))
    assert whole.count("Added Land") == 13


def test_the_import_of_one_state_is_reported_with_its_entries(client: Client) -> None:
    with recording(cause=Cause.IMPORT):
        kenya()
        factories.CountryFactory.create_batch(20)
    [told] = versions(read(client, "/tracker/changes/?country=KEN"))
    assert "Added Kenya" in told
    assert "Land" not in told


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("country=KEN", 3),
        ("region=africa", 3),
        ("region=europe", 1),
        ("kind=corrected", 1),
        ("kind=corrected&region=europe", 0),
        ("country=&region=&kind=", 4),
    ],
)
def test_changes_are_filtered(client: Client, query: str, number: int) -> None:
    kenya()
    factories.CountryFactory.create(region=Region.EUROPE)
    assert len(versions(read(client, f"/tracker/changes/?{query}"))) == number


@pytest.mark.parametrize(
    "query",
    [
        "country=XXX",
        "country=%00",
        "region=atlantis",
        "kind=%3Cscript%3E",
        "page=0",
        "page=x",
        "version=-1",
        "version=99999999999999999999999",
        "page=%D9%A1%D9%A2x",
    ],
)
def test_hostile_parameters_are_reported_and_ignored(client: Client, query: str) -> None:
    kenya()
    response = client.get(f"/tracker/changes/?{query}")
    assert response.status_code == 400
    main = parse(response.text).find("main")
    assert "These filters were ignored" in main.text
    assert len(versions(main)) == 3
    assert "<script>" not in response.text.partition("<main")[2]


@pytest.mark.parametrize("query", ["page=2", "version=1000000", "page=2147483647"])
def test_an_unknown_state_or_version_is_not_found(client: Client, query: str) -> None:
    kenya()
    assert client.get(f"/tracker/changes/?{query}").status_code == 404


def test_versions_come_page_by_page(client: Client) -> None:
    factories.CountryFactory.create_batch(25)
    main = read(client)
    assert len(versions(main)) == 20
    [older] = [a["href"] for a in main.find_all("a") if a.get("rel") == "next"]
    assert len(versions(read(client, f"/tracker/changes/{older}"))) == 5


def test_an_empty_record_says_so(client: Client) -> None:
    assert "No matching changes." in read(client).text


def test_a_country_page_lists_its_latest_changes(client: Client) -> None:
    kenya()
    main = read(client, "/where-we-work/africa/kenya/")
    assert "Corrected Rome Statute: Ratification, 15 March 2005" in main.text
    assert "/tracker/changes/?country=KEN" in {link["href"] for link in main.find_all("a")}


def test_more_changes_need_no_more_queries(client: Client) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    kenya()
    version = RecordVersion.objects.latest("pk").pk
    addresses = (
        "/tracker/changes/",
        f"/tracker/changes/?version={version}",
        "/tracker/changes.atom",
        "/tracker/changes/KEN.atom",
    )
    client.get("/")
    before = {address: cost(address) for address in addresses}
    factories.CountryFactory.create_batch(15)
    with recording(cause=Cause.IMPORT):
        factories.CountryFactory.create_batch(30)
    assert {address: cost(address) for address in addresses} == before
    assert before["/tracker/changes/"] <= 12


# Feeds


def feed(client: Client, address: str) -> ET.Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ET.fromstring(response.content)  # noqa: S314 - our own.


def text(element: ET.Element, path: str) -> str:
    found = element.find("/".join(f"{ATOM}{step}" for step in path.split("/")))
    assert found is not None, path
    return found.text or ""


def links(element: ET.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall(f"{ATOM}link")}


def test_the_feed_is_valid_atom(client: Client) -> None:
    kenya()
    root = feed(client, "/tracker/changes.atom")
    assert root.tag == f"{ATOM}feed"
    assert text(root, "id") == "tag:127.0.0.1,2026:record"
    assert text(root, "title")
    assert text(root, "author/name") == "Coalition for the International Criminal Court"
    assert links(root) == {
        "alternate": "http://127.0.0.1:8000/tracker/changes/",
        "self": "http://127.0.0.1:8000/tracker/changes.atom",
    }
    entries = root.findall(f"{ATOM}entry")
    newest = RecordVersion.objects.latest("pk")
    assert text(entries[0], "id") == f"tag:127.0.0.1,2026:record/{newest.pk}"
    assert text(entries[0], "updated") == text(root, "updated")
    assert text(entries[0], "updated")[:19] == newest.made_at.isoformat()[:19]
    assert "Kenya: Rome Statute: Ratification, 15 March 2005 (Corrected)" in text(
        entries[0], "title"
    )
    assert "date: 16 March 2005 → 15 March 2005" in text(entries[0], "summary")
    page = links(entries[0])["alternate"].removeprefix("http://127.0.0.1:8000")
    assert "Corrected Kenya" in versions(read(client, page))[0]


def test_ids_last(client: Client) -> None:
    def ids() -> list[str]:
        entries = feed(client, "/tracker/changes.atom").findall(f"{ATOM}entry")
        return [text(entry, "id") for entry in entries]

    country = kenya()
    before = ids()
    country.national_coalition = "Kenyans for Justice"
    country.save()
    assert ids()[1:] == before
    assert len(set(before)) == len(before)


def test_a_state_has_a_feed_of_its_own(client: Client) -> None:
    kenya()
    factories.CountryFactory.create(name_en="Peru")
    root = feed(client, "/tracker/changes/KEN.atom")
    assert text(root, "title") == "Kenya: changes to the record"
    assert links(root)["self"] == "http://127.0.0.1:8000/tracker/changes/KEN.atom"
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 3
    assert all("Peru" not in ET.tostring(entry, encoding="unicode") for entry in entries)
    assert text(entries[0], "id").endswith("/KEN")


def test_the_code_of_a_feed_may_be_typed_in_small_letters(client: Client) -> None:
    kenya()
    assert "Kenya" in client.get("/tracker/changes/ken.atom").text


@pytest.mark.parametrize("iso3", ["XXX", "KEN1", "a" * 300])
def test_an_unknown_state_has_no_feed(client: Client, iso3: str) -> None:
    kenya()
    assert client.get(f"/tracker/changes/{iso3}.atom").status_code == 404


def test_a_feed_has_an_end(client: Client) -> None:
    factories.CountryFactory.create_batch(35)
    assert len(feed(client, "/tracker/changes.atom").findall(f"{ATOM}entry")) == 30


def test_text_of_the_record_is_escaped_in_a_feed(client: Client, home_page: HomePage) -> None:
    country = kenya()
    country.national_coalition = "<script>alert(1)</script> & friends"
    country.save()
    summary = text(feed(client, "/tracker/changes.atom").findall(f"{ATOM}entry")[0], "summary")
    assert "&lt;script&gt;" in summary
