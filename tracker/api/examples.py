"""An answer as an example. The facts are those of the record."""

from typing import Any

from django.urls import reverse

from core.metadata import absolute

from . import problems

KENYA: dict[str, Any] = {
    "iso3": "KEN",
    "iso2": "KE",
    "m49": "404",
    "names": {"en": "Kenya", "fr": "Kenya", "es": "Kenia", "ar": "كينيا"},
    "un_name": None,
    "region": "africa",
    "un_group": "African",
    "status": "state_party",
    "since": "2005-06-01",
    "signed_on": "1999-08-11",
    "consented_on": "2005-03-15",
    "joins_on": None,
    "leaves_on": None,
    "declared_on": None,
    "in_words": "State Party since 1 June 2005",
    "complementarity": {"stage": "enacted", "coverage": "full"},
    "cooperation": {"stage": "enacted", "coverage": "full"},
    "ask": None,
    "verified_on": None,
}


def country_list() -> dict[str, Any]:
    page, record = "/where-we-work/africa/kenya/", reverse("api:country", args=["KEN"])
    return {
        "record_version": "2026-11-22.17",
        "as_of": "2026-11-22",
        "total": 1,
        "next": None,
        "countries": [{**KENYA, "url": absolute(page), "record": absolute(record)}],
    }


def problem() -> dict[str, Any]:
    kind = problems.INVALID_PARAMETER
    return {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status.value,
        "errors": [{"parameter": "region", "detail": "“afrika” is none of the choices."}],
    }
