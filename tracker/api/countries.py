"""`/api/v1/countries`: the status of states, and the full record of one."""

import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Query, Router

from core.language import language_codes
from core.metadata import absolute
from record.choices import LawCoverage, LawStage, Treaty
from record.memory import CountryOnDay, current_record
from record.models import Country, ImplementingLaw
from record.status import describe
from record.treaties import AMENDMENTS
from regions.country_links import country_urls
from tracker.filters import TrackerQuery

from . import schemas
from .parameters import (
    CountryParameters,
    DayParameter,
    Order,
    address_of_next,
    errors_in_names,
)
from .problems import InvalidParametersError, NothingHereError
from .record_state import RecordState
from .schemas import ISO3, ISO3_WORDS

router = Router(tags=["Countries"])

BY_CODE = Order(name="countries", field="iso3", values=re.compile("[A-Z]{3}"))


@router.get(
    "",
    response=schemas.CountryList,
    operation_id="list_countries",
    url_name="countries",
    summary="Status of states",
)
def list_countries(
    request: HttpRequest, response: HttpResponse, parameters: Query[CountryParameters]
) -> schemas.CountryList:
    """All states, or those that match the filters. All of them fit into one response with `limit=500`."""
    query = _query(request, CountryParameters)
    record = current_record()
    state = RecordState.of(record.version)
    states = query.select(record.on(query.on), "en")
    by_code = {entry.country.iso3: entry for entry in states}
    codes, cursor = BY_CODE.part_of_values(
        by_code, cursor=parameters.cursor, limit=parameters.limit
    )
    # Includes the day, so that all parts of a list refer to the same one across midnight.
    params = parameters.model_dump(exclude_defaults=True, mode="json") | {"on": query.on}
    following = address_of_next(request.path, params, cursor=cursor)
    state.put_on(response, day=query.on)
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    pages = country_urls("en")
    return schemas.CountryList(
        record_version=state.stamp,
        as_of=query.on,
        total=len(states),
        next=following,
        countries=[
            schemas.CountrySummary(**_summary(by_code[iso3], page=pages.get(iso3)))
            for iso3 in codes
        ],
    )


@router.get(
    "/{iso3}",
    response=schemas.CountryAnswer,
    operation_id="get_country",
    url_name="country",
    summary="Full record of a state",
)
def get_country(
    request: HttpRequest,
    response: HttpResponse,
    iso3: Annotated[str, Path(pattern=ISO3, description=ISO3_WORDS, examples=["KEN"])],
    parameters: Query[DayParameter],
) -> schemas.CountryAnswer:
    """The status on the day, with treaty actions, laws, amendments and focus years."""
    query = _query(request, DayParameter)
    record = current_record()
    state = RecordState.of(record.version)
    found = record.countries.get(iso3)
    if found is None:
        raise NothingHereError(f"The record has no country of the code {iso3}.")
    state.put_on(response, day=query.on)
    return schemas.CountryAnswer(
        record_version=state.stamp,
        as_of=query.on,
        country=_record(found.on(query.on), page=country_urls("en").get(iso3)),
    )


def _query(request: HttpRequest, known: type[DayParameter]) -> TrackerQuery:
    """Read the filters by the rules of the tracker's page. Raises InvalidParametersError."""
    query = TrackerQuery.from_params(request.GET)
    if errors := errors_in_names(request, known) | query.errors:
        raise InvalidParametersError(errors)
    return query


def _summary(state: CountryOnDay, *, page: str | None) -> dict[str, Any]:
    country, standing = state.country, state.standing
    return {
        "iso3": country.iso3,
        "iso2": country.iso2,
        "m49": country.m49,
        "names": names_of(country),
        "un_name": country.un_name,
        "region": country.region,
        "un_group": country.un_group or None,
        "status": standing.status,
        "since": standing.since,
        "signed_on": standing.signed_on,
        "consented_on": standing.consented_on,
        "joins_on": standing.joins_on,
        "leaves_on": standing.leaves_on,
        "declared_on": standing.declared_on,
        "in_words": describe(standing),
        "complementarity": _progress(state.complementarity),
        "cooperation": _progress(state.cooperation),
        "ask": state.ask,
        "verified_on": country.verified_on,
        "url": absolute(page) if page else None,
        "record": absolute(reverse("api:country", args=[country.iso3])),
    }


def names_of(country: Country) -> schemas.Names:
    names = {code: getattr(country, f"name_{code}") for code in language_codes()}
    return schemas.Names(**names)


def _progress(law: ImplementingLaw | None) -> schemas.LawProgress | None:
    return (
        schemas.LawProgress(stage=LawStage(law.stage), coverage=LawCoverage(law.coverage))
        if law
        else None
    )


def _record(state: CountryOnDay, *, page: str | None) -> schemas.CountryRecord:
    country, record = state.country, state.record
    coalition = None
    if country.national_coalition:
        coalition = schemas.NationalCoalition(
            name=country.national_coalition, link=country.national_coalition_link
        )
    return schemas.CountryRecord(
        **_summary(state, page=page),
        treaty_actions=[schemas.TreatyActionRecord.from_orm(action) for action in record.actions],
        laws=[schemas.LawRecord.from_orm(law) for law in record.laws],
        amendments=_amendments(state),
        focus_years=[schemas.FocusYearRecord.from_orm(focus) for focus in record.focus_years],
        national_coalition=coalition,
        note=country.note,
        sources=country.sources,
    )


def _amendments(state: CountryOnDay) -> list[schemas.AmendmentRecord]:
    acceptances = [
        action
        for treaty in AMENDMENTS
        for action in state.record.histories[treaty].consents(state.day)
    ]
    return [
        schemas.AmendmentRecord(
            treaty=Treaty(action.treaty),
            accepted_on=action.date,
            takes_effect_on=action.takes_effect_on,
        )
        for action in sorted(acceptances, key=lambda action: (action.date, action.pk))
    ]
