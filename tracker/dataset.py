"""The tracker as search engines for data list it."""

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.language import current_language
from core.metadata import absolute, json_ld
from record.models import RecordVersion
from record.treaties import FIRST_DAY


def dataset(version: RecordVersion | None) -> SafeString:
    """JSON-LD of the whole record. https://schema.org/Dataset"""
    graph = {
        "@type": "Dataset",
        "@id": absolute(reverse("tracker")) + "#dataset",
        "name": _("Status of the Rome Statute, state by state"),
        "description": _(
            "Every state with its signature, ratification or accession, withdrawal and implementing"
            " laws of the Rome Statute of the International Criminal Court, on any day since 1998."
        ),
        "url": absolute(reverse("tracker")),
        "inLanguage": current_language(),
        "isAccessibleForFree": True,
        "creator": {"@id": absolute("/#organization")},
        "temporalCoverage": f"{FIRST_DAY}/..",
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": absolute(reverse("tracker_csv")),
            },
            {
                "@type": "DataDownload",
                "encodingFormat": "application/json",
                "contentUrl": absolute(reverse("api:countries")),
            },
        ],
    }
    if version:
        graph |= {"version": version.stamp, "dateModified": f"{version.made_at:%Y-%m-%d}"}
    return json_ld([graph])
