"""Lists of people as CSV files."""

import csv
import io
from collections.abc import Mapping

from newsletter.models import SubscriberImport
from newsletter.people.imports.services import ImportTerms, apply_import, keep_import

SOURCE = "Paper list, Assembly, December 2025"


def table(*rows: Mapping[str, str]) -> bytes:
    """Return a file with a column for each key in any row."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    file = io.StringIO()
    writer = csv.DictWriter(file, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def emails(*names: str) -> bytes:
    return table(*({"email": f"{name}@example.org"} for name in names))


def keep(content: bytes, *, asks: bool = True, language: str = "en") -> SubscriberImport:
    terms = ImportTerms(consent_source=SOURCE, asks_to_confirm=asks, language=language)
    return keep_import(content=content, file_name="list.csv", terms=terms, user=None)


def import_list(content: bytes, *, asks: bool = True, language: str = "en") -> SubscriberImport:
    return apply_import(pk=keep(content, asks=asks, language=language).pk, user=None)
