"""The list of issues, and the page from which one is tested and sent."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from core.admin_times import ZonedDateTimeField
from core.jobs import defer_once
from core.models import User
from newsletter.choices import MailingState
from newsletter.delivery.outcomes import Sent
from newsletter.mailings import services
from newsletter.mailings.checks import Checklist, Severity
from newsletter.mailings.tasks import CHECK_LINKS
from newsletter.mailings.trial import colleagues_of, send_trial
from newsletter.models import IssueIndexPage, IssuePage, Mailing

from .rights import SendersOnly


def state_of(issue: IssuePage) -> str:
    """Where the mailing of a listed issue stands."""
    state: str | None = issue.mailing_state
    return str(MailingState(state).label) if state else _("Not sent")


class IssuesView(IndexView):
    """Every issue, and what became of it."""

    model = IssuePage
    permission_policy = ModelPermissionPolicy(Mailing)
    any_permission_required = ["view", "send"]
    page_title = gettext_lazy("Issues")
    header_icon = "mail"
    index_url_name = "newsletter_issues"
    index_results_url_name = "newsletter_issues_results"
    paginate_by = 20
    default_ordering = ["-date", "-pk"]
    is_searchable = False
    columns = [
        TitleColumn("title", label=gettext_lazy("Title"), url_name="newsletter_issue"),
        Column("locale", label=gettext_lazy("Language")),
        DateColumn("date", label=gettext_lazy("Date")),
        BooleanColumn("live", label=gettext_lazy("Published")),
        Column("mailing_state", label=gettext_lazy("Mailing"), accessor=state_of),
    ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """A new issue, in each language in which the user may write one."""
        return [
            HeaderButton(
                _("Draft from recent news (%(language)s)") % {"language": index.locale},
                url=reverse("newsletter_draft_digest", args=[index.pk]),
                icon_name="plus",
            )
            for index in IssueIndexPage.objects.select_related("locale")
            if index.permissions_for_user(self.request.user).can_add_subpage()
        ]

    def get_base_queryset(self) -> QuerySet[IssuePage]:
        mailings = Mailing.objects.filter(issue_key=OuterRef("translation_key"))
        issues: QuerySet[IssuePage] = IssuePage.objects.defer_streamfields()
        return issues.select_related("locale").annotate(
            mailing_state=Subquery(mailings.values("state"))
        )


class ScheduleForm(forms.Form):
    """When the issue is sent, and that its warnings were read."""

    scheduled_at = ZonedDateTimeField(
        label=gettext_lazy("Send at"),
        required=False,
        help_text=gettext_lazy("Leave empty to send now."),
    )
    doubts_accepted = forms.BooleanField(
        label=gettext_lazy("I have read the warnings and want to send it anyway."), required=False
    )


class TestForm(forms.Form):
    """In which language a test mail comes, and to which colleagues besides oneself."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    colleagues: Any = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Also send to"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        colleagues: Any = self.fields["colleagues"]
        colleagues.queryset = colleagues_of(user)
        colleagues.label_from_instance = lambda one: one.email


def _try_links(page: IssuePage) -> None:
    """Have a worker try the links, unless it is about to."""
    defer_once(CHECK_LINKS, key=f"{CHECK_LINKS}.{page.pk}", page_id=page.pk)


class IssueView(SendersOnly, WagtailAdminTemplateMixin, View):
    """The checks of an issue, a test mail to oneself, and the order to send it."""

    template_name = "newsletter/staff/issue.html"
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        pages = IssuePage.objects.select_related("locale", "segment")
        self.page: IssuePage = get_object_or_404(pages, pk=kwargs["page_id"])
        mailing = Mailing.objects.filter(issue_key=self.page.translation_key).first()
        if mailing:
            return redirect("newsletter_mailing", mailing.pk)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, page_id: int) -> HttpResponse:
        if any(check.severity == Severity.WAITING for check in self.checklist.checks):
            _try_links(self.page)
        return self._show(ScheduleForm())

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        if "test" in request.POST:
            return self._test(request)
        form = ScheduleForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            mailing = services.order_issue(
                page=self.page,
                user=request.user,  # type: ignore[arg-type]
                **form.cleaned_data,
            )
        except services.MailingRefusedError as refusal:
            messages.error(request, str(refusal))
            return self._show(form, status=422)
        log(instance=self.page, action="newsletter.order", user=request.user)
        if form.cleaned_data["scheduled_at"]:
            messages.success(request, _("The issue has been scheduled."))
        else:
            messages.success(request, _("The issue is about to be sent."))
        return redirect("newsletter_mailing", mailing.pk)

    def _test(self, request: HttpRequest) -> HttpResponse:
        form = TestForm(request.POST, user=self.user)
        if not form.is_valid():
            return self._show(ScheduleForm(), test_form=form, status=422)
        asked = [self.user.email, *(one.email for one in form.cleaned_data["colleagues"])]
        addresses = [address for address in dict.fromkeys(asked) if address]
        if not addresses:
            messages.error(request, _("Your account has no e-mail address."))
            return self._show(ScheduleForm(), test_form=form, status=422)
        outcomes = send_trial(self.page, language=form.cleaned_data["language"], to=addresses)
        sent = []
        for address, outcome in zip(addresses, outcomes, strict=True):
            if isinstance(outcome, Sent):
                sent.append(address)
            else:
                problem = {"address": address, "problem": outcome.error}
                told = _("The test to %(address)s could not be sent: %(problem)s")
                messages.error(request, told % problem)
        if not sent:
            return self._show(ScheduleForm(), test_form=form, status=503)
        told = _("A test is on its way to %(addresses)s.")
        messages.success(request, told % {"addresses": ", ".join(sent)})
        return redirect("newsletter_issue", self.page.pk)

    @property
    def user(self) -> User:
        return self.request.user  # type: ignore[return-value]

    @cached_property
    def checklist(self) -> Checklist:
        return Checklist(self.page)

    def _show(
        self, form: ScheduleForm, *, test_form: TestForm | None = None, status: int = 200
    ) -> HttpResponse:
        in_its_language = {"language": self.page.locale.language_code}
        context = self.get_context_data(
            page=self.page,
            checklist=self.checklist,
            form=form,
            test_form=test_form or TestForm(user=self.user, initial=in_its_language),
        )
        return self.render_to_response(context, status=status)

    def get_page_title(self) -> str:
        return self.page.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        issues = {"url": reverse("newsletter_issues"), "label": _("Issues")}
        return [*self.breadcrumbs_items, issues, {"url": "", "label": self.page.title}]
