"""The two steps of an import in the admin: a file is uploaded and checked; its changes are shown and confirmed."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from core.models import User

from .importer import Importer
from .problems import ImportGoneError, ImportOutdatedError, ImportRefusedError, Problem
from .uploads import Upload

# A page with every mistake of a file that is wrong throughout would help nobody.
PROBLEMS_SHOWN = 500
OPEN_DIFFERENCES = 20


def import_urls(importer: Importer, route: str) -> list[URLPattern]:
    """Return the addresses of both steps below the route, for those who have the permission."""
    may_import = permission_required(importer.permission)
    upload, confirm = (view.as_view(importer=importer) for view in (UploadView, ConfirmView))
    return [
        path(route, may_import(upload), name=importer.url_name),
        path(f"{route}<str:key>/", may_import(confirm), name=f"{importer.url_name}_confirm"),
    ]


class ImportView(WagtailAdminTemplateMixin, View):
    """Base of both steps."""

    importer: Importer = cast("Importer", None)  # Given to `as_view`.
    header_icon = "upload"

    @property
    def user(self) -> User:
        return cast("User", self.request.user)

    def get_page_title(self) -> str:
        return str(self.importer.title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.importer.url_name), "label": self.importer.title},
        ]

    def show(self, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(importer=self.importer, **context))


@method_decorator(sensitive_post_parameters(), name="dispatch")
class UploadView(ImportView):
    """Take a file, and show what is wrong with it or lead to its changes."""

    template_name = "core/imports/upload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=self.importer.form_class())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.importer.form_class(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form=form)
        upload: Upload = form.cleaned_data.pop("file")
        try:
            key = self.importer.keep(upload, form.cleaned_data, user=self.user)
        except ImportRefusedError as refusal:
            return self.show(form=form, name=upload.name, problems=refusal.problems)
        return redirect(f"{self.importer.url_name}_confirm", key)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        problems: list[Problem] = kwargs.pop("problems", [])
        return {
            **super().get_context_data(**kwargs),
            "problems": problems[:PROBLEMS_SHOWN],
            "number_of_problems": len(problems),
            "waiting": [
                (reverse(f"{self.importer.url_name}_confirm", args=[key]), name)
                for key, name in self.importer.waiting(user=self.user)
            ],
            "history": self.importer.history(),
        }


class ConfirmView(ImportView):
    """Show the changes of an upload, and apply them when the user confirms."""

    def get_template_names(self) -> list[str]:
        return [self.importer.preview_template]

    def get_page_title(self) -> str:
        return str(self.importer.preview_title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except ImportGoneError:
            messages.error(request, str(self.importer.gone_message))
        except ImportOutdatedError:
            messages.warning(
                request, _("The record has changed meanwhile. These are the differences now.")
            )
            return redirect(request.path)
        except ImportRefusedError:
            messages.error(
                request,
                _(
                    "The record changed, and the file no longer fits it. Upload it again to see why."
                ),
            )
        return redirect(self.importer.url_name)

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        plan = self.importer.preview(key, user=self.user)
        return self.show(plan=plan, are_open=len(plan.differences) <= OPEN_DIFFERENCES)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        """Apply what was shown, or discard the file."""
        if "discard" in request.POST:
            self.importer.discard(key, user=self.user)
            message = _("The file has been erased. Nothing was changed.")
        else:
            stamp = request.POST.get("stamp", "")
            message = self.importer.apply(key, user=self.user, stamp=stamp)
        messages.success(request, message)
        return redirect(self.importer.url_name)
