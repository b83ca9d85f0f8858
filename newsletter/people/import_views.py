"""The import of subscribers in the admin: a list is uploaded, its outcome is looked at, and then it is applied."""

from pathlib import PurePath
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from core.csv_files import ImportRefusedError, Problem
from core.models import User
from newsletter.choices import ListKind
from newsletter.models import SubscriberImport

from .forms import ImportForm
from .importing import (
    ImportGoneError,
    ImportTerms,
    Outcome,
    apply_import,
    discard_import,
    keep_import,
    plan_import,
)
from .reading import COLUMNS, MAX_BYTES

PERMISSION = "newsletter.import_subscriber"
# A page with every mistake of a list that is wrong throughout would help nobody.
PROBLEMS_SHOWN = 500
NEW_SHOWN = 20
LATEST = 20

WORDS: dict[Outcome, str | Promise] = {
    Outcome.NEW: gettext_lazy("New"),
    Outcome.SUBSCRIBED: gettext_lazy("Subscribed already, and stay as they are"),
    Outcome.PENDING: gettext_lazy("Waiting for their confirmation already, and stay as they are"),
    Outcome.LEFT: gettext_lazy("Left, or are not to be written to, and stay out"),
    Outcome.REPEATED: gettext_lazy("In the file more than once"),
}


# Of lists of people who are not to be written to.
WORDS_OF_LEAVING: dict[Outcome, str | Promise] = {
    Outcome.NEW: gettext_lazy("Not known here, and not to be written to from now on"),
    Outcome.SUBSCRIBED: gettext_lazy("Subscribed; their subscription ends"),
    Outcome.PENDING: gettext_lazy("Waiting for their confirmation; their sign-up ends"),
    Outcome.LEFT: gettext_lazy("Left, or are not to be written to, already"),
    Outcome.REPEATED: gettext_lazy("In the file more than once"),
}


def in_words(listed: SubscriberImport, counts: dict[str, int]) -> list[tuple[str | Promise, int]]:
    """Return what each outcome of a list is called, and how many lines have it."""
    words = WORDS if listed.kind == ListKind.PEOPLE else WORDS_OF_LEAVING
    return [(name, counts.get(outcome, 0)) for outcome, name in words.items()]


class ImportView(WagtailAdminTemplateMixin, View):
    """What both steps share."""

    header_icon = "upload"

    def show(self, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        crumbs = [{"url": reverse("import_subscribers"), "label": _("Import subscribers")}]
        if self.page_title:
            crumbs.append({"url": "", "label": self.page_title})
        return [*self.breadcrumbs_items, *crumbs]


@method_decorator(sensitive_post_parameters(), name="dispatch")
class UploadView(ImportView):
    """Takes a list, and shows what is wrong with it or leads to its outcome."""

    template_name = "newsletter/imports/upload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=ImportForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        file = form.cleaned_data.pop("file")
        try:
            kept = keep_import(
                # Of one that is too big no more than tells so.
                content=file.read(MAX_BYTES + 1),
                file_name=PurePath(file.name or "").name,
                terms=ImportTerms(**form.cleaned_data),
                user=cast("User", request.user),
            )
        except ImportRefusedError as refusal:
            return self.show(form=form, problems=refusal.problems)
        return redirect("import_subscribers_outcome", kept.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        problems: list[Problem] = kwargs.pop("problems", [])
        imports = SubscriberImport.objects.select_related("made_by").defer("content")
        return {
            **super().get_context_data(**kwargs),
            "problems": problems[:PROBLEMS_SHOWN],
            "number_of_problems": len(problems),
            "columns": COLUMNS,
            "waiting": imports.filter(made_by=self.request.user.pk, content__isnull=False),
            "imports": [
                (done, in_words(done, done.counts))
                for done in imports.filter(applied_at__isnull=False)[:LATEST]
            ],
        }


class OutcomeView(ImportView):
    """Shows what a list of the user would do, and applies it once they say so."""

    template_name = "newsletter/imports/outcome.html"
    page_title = gettext_lazy("What the list does")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except ImportGoneError:
            messages.error(
                request, _("The list does not wait here any more: it was applied, or erased.")
            )
            return redirect("import_subscribers")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        waiting = SubscriberImport.objects.filter(
            pk=pk, made_by=request.user.pk, content__isnull=False
        ).first()
        if waiting is None or waiting.content is None:
            raise ImportGoneError
        kind = ListKind(waiting.kind)
        plan = plan_import(content=bytes(waiting.content), language=waiting.language, kind=kind)
        concerned = plan.new if kind == ListKind.PEOPLE else plan.new + plan.subscribed
        return self.show(
            waiting=waiting,
            are_kept_from_mail=kind != ListKind.PEOPLE,
            counts=in_words(waiting, plan.counts),
            number=len(concerned),
            sample=[person.email for person in concerned[:NEW_SHOWN]],
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = cast("User", request.user)
        if "discard" in request.POST:
            discard_import(pk=pk, user=user)
            messages.success(request, _("The file is erased. Nothing was written."))
            return redirect("import_subscribers")
        done = apply_import(pk=pk, user=user)
        number = done.counts[Outcome.NEW]
        words = ngettext("%(number)d person was added.", "%(number)d people were added.", number)
        if done.kind != ListKind.PEOPLE:
            number += done.counts[Outcome.SUBSCRIBED] + done.counts[Outcome.PENDING]
            words = ngettext(
                "%(number)d address is not written to from now on.",
                "%(number)d addresses are not written to from now on.",
                number,
            )
        messages.success(request, words % {"number": number})
        return redirect("import_subscribers")
