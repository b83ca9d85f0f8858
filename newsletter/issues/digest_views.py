"""The button that drafts an issue from what is new."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from newsletter.models import IssueIndexPage

from .digest import NothingNewError, draft_digest


@require_http_methods(["GET", "POST"])
def draft_digest_view(request: HttpRequest, index_id: int) -> HttpResponse:
    """Ask first; then write the draft and lead to its editor."""
    index = get_object_or_404(IssueIndexPage, pk=index_id)
    if not index.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    if request.method == "GET":
        context = {
            "index": index,
            "page_title": _("Draft from what is new"),
            "header_icon": "mail",
        }
        return render(request, "newsletter/staff/draft_digest.html", context)
    try:
        issue = draft_digest(index=index, user=request.user)
    except NothingNewError:
        messages.warning(
            request,
            _(
                "Nothing is new since the last issue: no article was published, and the record is as it was."
            ),
        )
        return redirect("wagtailadmin_explore", index.pk)
    messages.success(request, _("Here is a draft of what is new. It is for you to go on with."))
    return redirect("wagtailadmin_pages:edit", issue.pk)
