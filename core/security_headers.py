"""The security headers that depend on which part of the site answers. The values stand in the settings."""

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class SecurityHeadersMiddleware(CSPMiddleware):
    """One content security policy for what visitors see, one for Wagtail's admin.

    A preview is served by the admin, inside a frame of the admin, and so under the admin's policy.

    A page that holds its stylesheet (`{% site_style %}`) is allowed that one text, by its hash. The admin allows
    inline styles, and would no longer if its policy named a hash.
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
            # The preview inside its frame, on its way to the admin's own answer, which gets the headers.
            return response
        response = super().process_response(request, response)
        # Pages are for no other site to embed. Pictures may be: mail is read on the pages of others.
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
