"""Offers the import of the record in the admin."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import Column, Table
from wagtail.log_actions import LogFormatter
from wagtail.models import ModelLogEntry

from core.days import today
from core.imports import uploads
from core.imports.importer import Importer, Preview
from core.imports.uploads import CSVField, Upload
from core.models import User
from record.choices import Cause
from record.models import RecordVersion

from .columns import MAX_BYTES, SCHEMA
from .services import PERMISSION, apply_import, plan_import

LATEST = 10


class ImportForm(forms.Form):
    file = CSVField(max_bytes=MAX_BYTES)


class RecordImporter(Importer):
    """Adds and corrects states, treaty actions and laws."""

    title = gettext_lazy("Import the record")
    introduction = gettext_lazy(
        "The file is checked first, and every mistake is reported. Then you see what it changes, before anything is "
        "written. A blank cell changes nothing; entries are removed by hand."
    )
    columns_help = (
        gettext_lazy(
            "A file may hold some of these columns, in any order, and some of the states. "
            "Dates are written as 2002-07-01."
        ),
        gettext_lazy(
            "Columns with dates and laws may be joined by others that say more about the entry, named by an ending: "
            "“_source”, “_certainty” (“confirmed” or “to_be_verified”) and “_note”; "
            "those with laws also by “_title”, “_date”, “_as_of” and “_link”."
        ),
    )
    permission = PERMISSION
    url_name = "import_countries"
    form_class = ImportForm
    schema = SCHEMA

    def keep(self, upload: Upload, answers: dict[str, Any], *, user: User) -> str:
        plan_import(content=upload.content, today=today())
        return uploads.keep(upload, user=user)

    def preview(self, key: str, *, user: User) -> Preview:
        upload = uploads.find(key, user=user)
        plan = plan_import(content=upload.content, today=today())
        number = len(plan.differences)
        read = _("%(name)s, %(rows)d rows, against version %(stamp)s of the record.") % {
            "name": upload.name,
            "rows": plan.rows,
            "stamp": plan.stamp or "–",
        }
        result = (
            ngettext("%(number)d country differs.", "%(number)d countries differ.", number)
            % {"number": number}
            + " "
            + _("Nothing is written yet.")
            if number
            else _("The record already agrees with the file. There is nothing to apply.")
        )
        return Preview(
            summary=f"{read} {result}",
            number=number,
            differences=plan.differences,
            stamp=plan.stamp,
        )

    def apply(self, key: str, *, user: User, stamp: str) -> str:
        upload = uploads.find(key, user=user)
        plan = apply_import(
            content=upload.content, name=upload.name, today=today(), user=user, stamp=stamp
        )
        self.discard(key, user=user)
        number = len(plan.differences)
        message = ngettext(
            "%(number)d country was changed.", "%(number)d countries were changed.", number
        )
        return message % {"number": number}

    def discard(self, key: str, *, user: User) -> None:
        uploads.forget(key, user=user)

    def history(self) -> Table:
        imports = RecordVersion.objects.filter(cause=Cause.IMPORT).select_related("made_by")
        return Table(
            [
                Column("stamp", label=_("Version")),
                Column("made_at", label=_("When")),
                Column("made_by", label=_("By")),
                Column("note", label=_("File")),
            ],
            imports[:LATEST],
            caption=_("Latest imports"),
        )


class ImportFormatter(LogFormatter):
    """Names the file in the history of a country."""

    label = gettext_lazy("Import")

    def format_message(self, log_entry: ModelLogEntry) -> str:
        return _("Imported from %(file)s") % {"file": log_entry.data["file"]}
