"""The import of lists of people in the admin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import Column, Table

from core.imports.importer import Importer, Preview
from core.imports.problems import ImportGoneError
from core.imports.uploads import CSVField, Upload
from core.models import User
from newsletter.choices import ListKind
from newsletter.models import SubscriberImport
from newsletter.permissions import IMPORT_SUBSCRIBERS

from .columns import MAX_BYTES, SUBSCRIBERS
from .services import (
    ImportTerms,
    Outcome,
    apply_import,
    discard_import,
    find_import,
    keep_import,
    plan_of,
)

SAMPLE = 20
LATEST = 20

LABELS: dict[Outcome, str | Promise] = {
    Outcome.NEW: gettext_lazy("New"),
    Outcome.SUBSCRIBED: gettext_lazy("Subscribed already; not changed"),
    Outcome.PENDING: gettext_lazy("Awaiting confirmation already; not changed"),
    Outcome.LEFT: gettext_lazy("Unsubscribed or suppressed; not added"),
    Outcome.REPEATED: gettext_lazy("Duplicates in the file"),
}
DO_NOT_MAIL_LABELS: dict[Outcome, str | Promise] = {
    Outcome.NEW: gettext_lazy("Unknown here: the address is suppressed"),
    Outcome.SUBSCRIBED: gettext_lazy("Subscribed: their subscription ends"),
    Outcome.PENDING: gettext_lazy("Awaiting confirmation: their sign-up is cancelled"),
    Outcome.LEFT: gettext_lazy("Unsubscribed or suppressed already"),
    Outcome.REPEATED: gettext_lazy("Duplicates in the file"),
}


class ImportForm(forms.ModelForm):  # type: ignore[type-arg] # Generic in the stubs only.
    """The upload of a list with the statements of staff. The importer checks the content of the file."""

    file = CSVField(max_bytes=MAX_BYTES)

    class Meta:
        model = SubscriberImport
        fields = ["kind", "consent_source", "language", "asks_to_confirm"]
        widgets = {
            "kind": forms.RadioSelect,
            "consent_source": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "asks_to_confirm": gettext_lazy(
                "Each person gets one e-mail with a button and receives issues once it is pressed. "
                "Untick only if they have already confirmed by e-mail, for example in another newsletter "
                "system."
            )
        }

    field_order = ["file", "kind", "consent_source", "language", "asks_to_confirm"]


@dataclass(frozen=True, kw_only=True)
class ListPreview(Preview):
    """The effect of a list: the number of lines by outcome, and a sample of the people concerned."""

    waiting: SubscriberImport
    is_do_not_mail: bool
    counts: Sequence[tuple[str | Promise, int]]
    sample: Sequence[str]


class SubscriberImporter(Importer):
    """Imports subscribers, or suppresses people who left elsewhere. The file waits in the database for a day."""

    title = gettext_lazy("Import subscribers")
    introduction = gettext_lazy(
        "The file is checked first, and every mistake is reported. Then you see who would be new, before anything is "
        "changed. People who unsubscribed are not added, and subscribers keep their own choices."
    )
    columns_help = (
        gettext_lazy(
            "A file may hold some of these columns, in any order. Exports of Mailchimp are read as they are; names and "
            "other columns that such systems add are ignored. Any other column is reported as a mistake."
        ),
    )
    preview_title = gettext_lazy("Effect of the list")
    preview_template = "newsletter/imports/confirm.html"
    gone_message = gettext_lazy("The list is no longer here: it was applied or erased.")
    permission = IMPORT_SUBSCRIBERS
    url_name = "import_subscribers"
    form_class = ImportForm
    schema = SUBSCRIBERS

    def keep(self, upload: Upload, answers: dict[str, Any], *, user: User) -> str:
        kept = keep_import(
            content=upload.content, file_name=upload.name, terms=ImportTerms(**answers), user=user
        )
        return str(kept.pk)

    def preview(self, key: str, *, user: User) -> ListPreview:
        waiting = find_import(pk=_pk(key), user=user)
        plan = plan_of(waiting)
        is_do_not_mail = waiting.kind != ListKind.PEOPLE
        concerned = plan.new + plan.subscribed if is_do_not_mail else plan.new
        number = len(concerned)
        label = ngettext("Add %(number)d person", "Add %(number)d people", number)
        if is_do_not_mail:
            label = ngettext("Suppress %(number)d address", "Suppress %(number)d addresses", number)
        summary = _(
            "%(name)s. Nothing has been changed yet. The file is erased once it is applied, or after a day."
        )
        return ListPreview(
            summary=summary % {"name": waiting.file_name},
            number=number,
            apply_label=label % {"number": number},
            waiting=waiting,
            is_do_not_mail=is_do_not_mail,
            counts=_labelled(waiting, plan.counts),
            sample=[person.email for person in concerned[:SAMPLE]],
        )

    def apply(self, key: str, *, user: User, stamp: str) -> str:
        done = apply_import(pk=_pk(key), user=user)
        number = done.counts[Outcome.NEW]
        message = ngettext("%(number)d person was added.", "%(number)d people were added.", number)
        if done.kind != ListKind.PEOPLE:
            number += done.counts[Outcome.SUBSCRIBED] + done.counts[Outcome.PENDING]
            message = ngettext(
                "%(number)d address has been suppressed.",
                "%(number)d addresses have been suppressed.",
                number,
            )
        return message % {"number": number}

    def discard(self, key: str, *, user: User) -> None:
        discard_import(pk=_pk(key), user=user)

    def waiting(self, *, user: User) -> Iterable[tuple[str, str]]:
        lists = SubscriberImport.objects.filter(made_by=user, content__isnull=False)
        return [(str(pk), name) for pk, name in lists.values_list("pk", "file_name")]

    def history(self) -> Table:
        imports = SubscriberImport.objects.select_related("made_by").defer("content")
        return Table(
            [
                Column("file_name", label=_("File")),
                Column("get_kind_display", label=_("List")),
                Column("consent_source", label=_("Source of consent or refusal")),
                Column("applied_at", label=_("When")),
                Column("made_by", label=_("By")),
                Column("outcome", label=_("Outcome"), accessor=_outcome),
            ],
            imports.filter(applied_at__isnull=False)[:LATEST],
            caption=_("Latest imports"),
        )


def _pk(key: str) -> int:
    if not key.isdecimal():
        raise ImportGoneError
    return int(key)


def _labelled(listed: SubscriberImport, counts: dict[str, int]) -> list[tuple[str | Promise, int]]:
    labels = LABELS if listed.kind == ListKind.PEOPLE else DO_NOT_MAIL_LABELS
    return [(label, counts.get(outcome, 0)) for outcome, label in labels.items()]


def _outcome(done: SubscriberImport) -> SafeString:
    items = [(label, number) for label, number in _labelled(done, done.counts) if number]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", items))
