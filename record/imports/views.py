"""The import in the admin: a file is uploaded, the difference is looked at, and then it is applied."""

from pathlib import PurePath
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from core.models import User
from record.choices import Cause
from record.days import today
from record.models import RecordVersion

from .columns import DICTIONARY
from .forms import ImportForm
from .problems import ImportRefusedError, Problem, RecordMovedOnError
from .reading import MAX_BYTES
from .services import apply_import, plan_import
from .waiting import WaitingFile, find, forget, keep

PERMISSION = "record.import_country"
# A page with every mistake of a file that is wrong throughout would help nobody.
PROBLEMS_SHOWN = 500
OPEN_COUNTRIES = 20
LATEST = 10


class ImportView(WagtailAdminTemplateMixin, View):
    """What both steps share."""

    header_icon = "upload"

    def show(self, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        crumbs = [{"url": reverse("import_countries"), "label": _("Import the record")}]
        if self.page_title:
            crumbs.append({"url": "", "label": self.page_title})
        return [*self.breadcrumbs_items, *crumbs]


class UploadView(ImportView):
    """Takes a file, and shows what is wrong with it or leads to the difference."""

    template_name = "record/imports/upload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=ImportForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        file = _received(form.cleaned_data["file"])
        try:
            plan_import(content=file.content, today=today())
        except ImportRefusedError as refusal:
            return self.show(form=ImportForm(), file=file, problems=refusal.problems)
        token = keep(file, user=cast("User", request.user))
        return redirect("import_countries_difference", token)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        problems: list[Problem] = kwargs.pop("problems", [])
        imports = RecordVersion.objects.filter(cause=Cause.IMPORT).select_related("made_by")
        return {
            **super().get_context_data(**kwargs),
            "problems": problems[:PROBLEMS_SHOWN],
            "number_of_problems": len(problems),
            "dictionary": DICTIONARY,
            "imports": imports[:LATEST],
        }


class DifferenceView(ImportView):
    """Shows what a file would change, and applies it once somebody says so."""

    template_name = "record/imports/difference.html"
    page_title = gettext_lazy("What the file changes")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.token = str(kwargs["token"])
        self.user = cast("User", request.user)
        file = find(self.token, user=self.user)
        if file is None:
            messages.error(request, _("The file is no longer here. Upload it again."))
            return redirect("import_countries")
        self.file = file
        try:
            return super().dispatch(request, *args, **kwargs)
        except ImportRefusedError:
            messages.error(
                request,
                _(
                    "The record changed, and the file does not fit it any more. Upload it again to see why."
                ),
            )
            return redirect("import_countries")

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        plan = plan_import(content=self.file.content, today=today())
        return self.show(
            plan=plan, file=self.file, are_open=len(plan.differences) <= OPEN_COUNTRIES
        )

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Apply what was shown: `stamp` is the version of the record that the difference was against."""
        try:
            plan = apply_import(
                content=self.file.content,
                name=self.file.name,
                today=today(),
                user=self.user,
                stamp=request.POST.get("stamp", ""),
            )
        except RecordMovedOnError:
            messages.warning(
                request, _("The record changed meanwhile. This is the difference now.")
            )
            return redirect("import_countries_difference", self.token)
        forget(self.token, user=self.user)
        number = len(plan.differences)
        words = ngettext(
            "%(number)d country was changed.", "%(number)d countries were changed.", number
        )
        messages.success(request, words % {"number": number})
        return redirect("import_countries")


def _received(uploaded: "UploadedFile[Any]") -> WaitingFile:
    """The file; of one that is too big no more than tells so."""
    name = PurePath(uploaded.name or "").name
    return WaitingFile(name, uploaded.read(MAX_BYTES + 1))
