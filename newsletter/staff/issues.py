"""Issues in the admin: their list, drafts, the size of an audience, and the page that checks, tests and sends one."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from campaigns.choices import Topic
from core.admin_times import ZonedDateTimeField
from core.jobs import defer_once
from core.models import User
from newsletter.choices import MailingState
from newsletter.delivery.outcomes import Sent
from newsletter.issues.digest import NoNewsError, draft_digest
from newsletter.mailings import services
from newsletter.mailings.checks import Checklist, Severity
from newsletter.mailings.staff_mail import colleagues_of, send_test
from newsletter.mailings.tasks import CHECK_LINKS
from newsletter.models import IssueIndexPage, IssuePage, Mailing, Segment, Subscriber
from newsletter.models.subscribers import Audience
from newsletter.panels import summary_of
from newsletter.permissions import SEND, SendersOnly, may_count_subscribers, may_view_mailings
from record.choices import Region


def state_of(issue: IssuePage) -> str:
    """Return the label for the state of an issue's mailing."""
    state: str | None = issue.mailing_state
    return str(MailingState(state).label) if state else _("Not sent")


class IssuesView(IndexView):
    """Lists all issues with the state of their mailings."""

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
        """Offer a new draft in each language in which the user may add issues."""
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


class IssuesItem(MenuItem):
    """The menu item of the list, shown to users who may send or view mailings."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_view_mailings(request.user)


class SendItem(ActionMenuItem):
    """The action in the editor of an issue that leads to its checks."""

    name = "action-send"
    label = gettext_lazy("Check and send …")
    icon_name = "mail"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        return isinstance(page, IssuePage) and context["request"].user.has_perm(SEND)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("newsletter_issue", args=[parent_context["page"].pk])


class ScheduleForm(forms.Form):
    """The time to send an issue, and the acceptance of its warnings."""

    scheduled_at = ZonedDateTimeField(
        label=gettext_lazy("Send at"),
        required=False,
        help_text=gettext_lazy("Leave empty to send now."),
    )
    warnings_accepted = forms.BooleanField(
        label=gettext_lazy("I have read the warnings and want to send it anyway."), required=False
    )


class TestForm(forms.Form):
    """The language of a test message, and colleagues who get it besides the user."""

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
        colleagues.label_from_instance = lambda colleague: colleague.email


def _queue_link_check(page: IssuePage) -> None:
    defer_once(CHECK_LINKS, key=f"{CHECK_LINKS}.{page.pk}", page_id=page.pk)


class IssueView(SendersOnly, WagtailAdminTemplateMixin, View):
    """Shows the checks of an issue, sends test messages, and takes the order to send it."""

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
            _queue_link_check(self.page)
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
        recipients = [self.user, *form.cleaned_data["colleagues"]]
        addresses = list(dict.fromkeys(user.email for user in recipients if user.email))
        if not addresses:
            messages.error(request, _("Your account has no e-mail address."))
            return self._show(ScheduleForm(), test_form=form, status=422)
        outcomes = send_test(self.page, language=form.cleaned_data["language"], to=addresses)
        sent = []
        for address, outcome in zip(addresses, outcomes, strict=True):
            if isinstance(outcome, Sent):
                sent.append(address)
            else:
                error = _("The test to %(address)s could not be sent: %(problem)s")
                messages.error(request, error % {"address": address, "problem": outcome.error})
        if not sent:
            return self._show(ScheduleForm(), test_form=form, status=503)
        success = _("A test is on its way to %(addresses)s.")
        messages.success(request, success % {"addresses": ", ".join(sent)})
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
        context = self.get_context_data(
            page=self.page,
            checklist=self.checklist,
            form=form,
            test_form=test_form
            or TestForm(user=self.user, initial={"language": self.page.locale.language_code}),
        )
        return self.render_to_response(context, status=status)

    def get_page_title(self) -> str:
        return self.page.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        issues = {"url": reverse("newsletter_issues"), "label": _("Issues")}
        return [*self.breadcrumbs_items, issues, {"url": "", "label": self.page.title}]


class AudienceForm(forms.Form):
    """The criteria of an audience, named as the fields of `IssuePage`."""

    languages = forms.MultipleChoiceField(choices=settings.LANGUAGES, required=False)
    regions = forms.MultipleChoiceField(choices=Region.choices, required=False)
    topics = forms.MultipleChoiceField(choices=Topic.choices, required=False)
    segment = forms.ModelChoiceField(queryset=Segment.objects.all(), required=False)

    @property
    def audience(self) -> Audience:
        segment = self.cleaned_data["segment"]
        return Audience(
            languages=self.cleaned_data["languages"],
            regions=self.cleaned_data["regions"],
            topics=self.cleaned_data["topics"],
            within=segment.audience if segment else None,
        )


@never_cache
@require_safe
def audience_view(request: HttpRequest) -> HttpResponse:
    """Return the size of the audience in the query string as JSON; 400 for an unknown choice."""
    if not may_count_subscribers(request.user):
        raise PermissionDenied
    form = AudienceForm(request.GET)
    if not form.is_valid():
        # Not 422, which is about the body of a request: RFC 9110, section 15.5.21.
        return JsonResponse({"errors": sorted(form.errors)}, status=HTTPStatus.BAD_REQUEST)
    counts = Subscriber.objects.confirmed().in_audience(form.audience).count_by_language()
    return JsonResponse({"counts": counts, "summary": summary_of(counts)})


@require_http_methods(["GET", "POST"])
def draft_digest_view(request: HttpRequest, index_id: int) -> HttpResponse:
    """Ask for confirmation; on POST write the draft and redirect to its editor."""
    index = get_object_or_404(IssueIndexPage, pk=index_id)
    if not index.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    if request.method == "GET":
        context = {
            "index": index,
            "page_title": _("Draft from recent news"),
            "header_icon": "mail",
        }
        return render(request, "newsletter/staff/draft_digest.html", context)
    try:
        issue = draft_digest(index=index, user=request.user)
    except NoNewsError:
        messages.warning(
            request,
            _(
                "There is nothing new since the last issue: no articles were published and the record has not changed."
            ),
        )
        return redirect("wagtailadmin_explore", index.pk)
    messages.success(request, _("Here is a draft of what is new, ready for you to edit."))
    return redirect("wagtailadmin_pages:edit", issue.pk)
