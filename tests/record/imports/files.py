"""Makes files for imports, and reads the record before and after."""

import csv
import io
from typing import Any

from django.db.models import Model

from record.models import Country, ImplementingLaw, RecordVersion, TreatyAction

KENYA = {"iso2": "KE", "iso3": "KEN", "m49": "404", "region": "africa", "sources": "UN list"}


def table(*rows: dict[str, str]) -> bytes:
    """Return a file with these rows. Cells missing in a row are blank."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def record() -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that an import could write."""
    models: list[type[Model]] = [Country, TreatyAction, ImplementingLaw, RecordVersion]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }
