"""Hooks of error reports in the Wagtail admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from .models import ErrorReport
from .permissions import ErrorReportPolicy
from .viewsets import ErrorReportViewSet

register_permission_policy(ErrorReport, ErrorReportPolicy(ErrorReport))


@hooks.register("register_admin_viewset")
def error_reports() -> ErrorReportViewSet:
    return ErrorReportViewSet()
