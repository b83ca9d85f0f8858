"""Security headers that differ between parts of the site. Their values are in the settings."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class SecurityHeadersMiddleware(CSPMiddleware):
    """Sets one content security policy for public pages and another for Wagtail's admin.

    A preview is inside a frame of the admin, so it has the policy of the admin.

    The policy of a page with an inline stylesheet (`{% site_style %}`) lists its hash. The policy of the admin allows
    all inline styles, which a hash would disable.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        is_of_admin = request.path_info.startswith(settings.ADMIN_PATH)
        style_source = getattr(request, "style_source", None)
        if is_of_admin and not report_only and parts.config is None:
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
        elif style_source and not report_only:
            parts.update = {**(parts.update or {}), "style-src": [style_source]}
        return parts

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if getattr(request, "is_dummy", False):
            # A preview in its frame. The admin's own response, around the frame, gets the headers.
            return response
        response = super().process_response(request, response)
        # No other site may frame our pages, but any may show our pictures: webmail shows those in our mails.
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
