"""What this app adds to the Wagtail admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from .models import ErrorReport
from .viewset import ErrorReportPolicy, ErrorReportViewSet

register_permission_policy(ErrorReport, ErrorReportPolicy(ErrorReport))


@hooks.register("register_admin_viewset")
def error_reports() -> ErrorReportViewSet:
    return ErrorReportViewSet()
