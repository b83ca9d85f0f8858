"""The changes to the record in the API."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from record.choices import Action, Cause
from record.models import Country, RecordVersion
from record.models.trail import ENTRIES as RECORDED
from record.models.trail import recording
from tests.factories import TreatyActionFactory
from tracker.api.changes import ENTRIES

LIST = "/api/v1/changes"


def changes(client: Client, query: str = "") -> list[Any]:
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200, response.text
    answer: list[Any] = response.json()["changes"]
    return answer


def correct(country: Country, **fields: object) -> None:
    country = Country.objects.get(pk=country.pk)
    for name, value in fields.items():
        setattr(country, name, value)
    with recording(cause=Cause.EDIT):
        country.save()


def test_a_correction_shows_before_and_after(client: Client, record: dict[str, Country]) -> None:
    correct(record["KEN"], name_es="Kenya")
    change = changes(client)[0]
    version = RecordVersion.objects.first()
    assert version is not None
    assert change["record_version"] == version.stamp
    assert (change["country"], change["kind"], change["entry"]) == ("KEN", "corrected", "country")
    assert change["changed"] == ["name_es"]
    assert (change["before"]["name_es"], change["after"]["name_es"]) == ("Kenia", "Kenya")


def test_the_editor_is_not_named(client: Client, record: dict[str, Country]) -> None:
    correct(record["KEN"], note="x")
    assert not {"made_by", "user", "verified_by"} & set(changes(client)[0])
    assert "verified_by" not in changes(client)[0]["after"]


def test_actions_are_logged_under_their_own_name(
    client: Client, record: dict[str, Country]
) -> None:
    country = Country.objects.get(iso3="CHN")
    country.treaty_actions = [TreatyActionFactory.build(country=country, action=Action.SIGNATURE)]
    country.save()
    change = changes(client)[0]
    assert (change["entry"], change["kind"], change["before"]) == ("treaty_action", "added", None)
    assert change["after"]["action"] == "signature"


def test_every_kind_of_entry_has_its_name() -> None:
    assert set(ENTRIES) == set(RECORDED)


def test_of_one_country_or_since_a_day(client: Client, record: dict[str, Country]) -> None:
    assert {change["country"] for change in changes(client, "?country=NER")} == {"NER"}
    today = timezone.now().date()
    assert len(changes(client, f"?since={today}")) == len(changes(client))
    assert changes(client, "?since=2999-01-01") == []
    assert changes(client, "?country=ZZZ") == []


def test_the_parts_make_the_whole_although_it_grows(
    client: Client, record: dict[str, Country]
) -> None:
    whole = [change["id"] for change in changes(client)]
    assert whole == sorted(whole, reverse=True)
    seen: list[int] = []
    address: str | None = f"{LIST}?limit=1"
    while address:
        answer = client.get(address).json()
        seen += [change["id"] for change in answer["changes"]]
        correct(record["CHN"], note=f"after {len(seen)}")
        address = answer["next"]
    assert seen == whole


def test_queries_do_not_grow_with_the_trail(client: Client, record: dict[str, Country]) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            changes(client)
        return len(queries)

    changes(client)
    before = cost()
    for number in range(20):
        correct(record["CHN"], note=str(number))
    assert cost() == before <= 4
