"""`/api/v1/changes`: the trail of changes."""

import re
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from record.models import RecordChange

from . import schemas
from .countries import names_of
from .parameters import ChangeParameters, Order, address_of_next, refuse_unknown
from .record_state import RecordState

router = Router(tags=["Changes"])

# Primary keys have 63 bits.
LATEST_FIRST = Order(
    name="changes", field="pk", values=re.compile("[1-9][0-9]{0,17}"), backwards=True
)
ENTRIES: dict[str, Literal["country", "treaty_action", "law", "focus_year"]] = {
    "country": "country",
    "treatyaction": "treaty_action",
    "implementinglaw": "law",
    "focusyear": "focus_year",
}


@router.get(
    "",
    response=schemas.ChangeList,
    operation_id="list_changes",
    url_name="changes",
    summary="Changes to the record",
)
def list_changes(
    request: HttpRequest, response: HttpResponse, parameters: Query[ChangeParameters]
) -> schemas.ChangeList:
    """Entries that were added, updated, verified, corrected or removed, with their fields before and after.

    Nothing is ever removed from this list. The removal of a state from the record appears an hour
    later, unless the state is back by then.
    """
    refuse_unknown(request, ChangeParameters)
    state = RecordState.now()
    changes = RecordChange.objects.public().for_feed()
    if parameters.since:
        changes = changes.filter(version__made_at__date__gte=parameters.since)
    if parameters.country:
        changes = changes.filter(country__iso3=parameters.country)
    part, cursor = LATEST_FIRST.part_of(changes, cursor=parameters.cursor, limit=parameters.limit)
    params = parameters.model_dump(exclude_defaults=True, mode="json")
    following = address_of_next(request.path, params, cursor=cursor)
    state.put_on(response)
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return schemas.ChangeList(
        record_version=state.stamp, next=following, changes=[_change(change) for change in part]
    )


def _change(change: Any) -> schemas.Change:
    return schemas.Change(
        id=change.pk,
        record_version=change.version.stamp,
        changed_at=change.version.made_at,
        cause=change.version.cause,
        country=change.country.iso3,
        country_names=names_of(change.country),
        kind=change.kind,
        entry=ENTRIES[change.entry],
        changed=change.changed_fields,
        before=change.before,
        after=change.after,
    )
