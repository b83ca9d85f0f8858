"""`/api/v1/`: the version of the record, with counts and links."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Schema

from core.days import today
from core.metadata import absolute
from core.models import SiteSettings
from record.choices import Status
from record.memory import count, current_record

from . import schemas
from .parameters import refuse_unknown
from .record_state import NAME, TERMS, RecordState, citation

router = Router(tags=["Overview"])


@router.get(
    "",
    response=schemas.Overview,
    operation_id="get_overview",
    url_name="overview",
    summary="Overview of the API",
)
def get_overview(request: HttpRequest, response: HttpResponse) -> schemas.Overview:
    """The version of the record, the numbers of states by status today, and a citation."""
    refuse_unknown(request, Schema)
    day = today()
    record = current_record()
    state = RecordState.of(record.version)
    counts = count(record.on(day))
    state.put_on(response, day=day)
    return schemas.Overview(
        record_version=state.stamp,
        name=NAME,
        changed_at=state.changed_at,
        as_of=day,
        counts=schemas.Counts(
            **{status.value: counts.of(status) for status in Status},
            leaving=counts.leaving,
            total=counts.total,
        ),
        terms=TERMS,
        citation=citation(
            state,
            day=day,
            organisation=SiteSettings.for_request(request).organisation_name,
        ),
        links=schemas.Links(
            countries=absolute(reverse("api:countries")),
            changes=absolute(reverse("api:changes")),
            openapi=absolute(reverse("api_openapi")),
            documentation=absolute(reverse("api_docs")),
            tracker=absolute(reverse("tracker")),
        ),
    )
