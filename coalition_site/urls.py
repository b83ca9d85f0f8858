"""The addresses of the site."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from contact.views import receive_view, thanks_view
from core.bot_protection.proof_of_work import challenge
from core.crawlers import robots, sitemap
from core.media import favicon, serve_document, serve_rendition
from core.shared_passwords import password_for_documents, password_for_page
from core.sign_in import urls as sign_in_urls
from error_reports import views as error_reports
from home.well_known import security_txt
from search.views import search_view

handler500 = "core.database.gate.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", include(sign_in_urls.instead_of_wagtail)),
    path("admin/", include(wagtailadmin_urls)),
    path("altcha/challenge", challenge, name="proof_of_work"),
    path("favicon.ico", favicon),
    path("robots.txt", robots),
    path(
        "sitemap.xml",
        sitemap,
        {
            "views": [
                "tracker",
                "tracker_changes",
                "tracker_dictionary",
                "tracker_reports",
                "newsletter:subscribe",
                "api_docs",
            ]
        },
    ),
    path(".well-known/security.txt", security_txt),
    path(".well-known/change-password", RedirectView.as_view(pattern_name="wagtailadmin_account")),
    # Before Wagtail's own view at this address, which does not limit guesses.
    path("documents/authenticate_with_password/<int:restriction_id>/", password_for_documents),
    # Before Wagtail's own view, whose headers let proxies cache private documents.
    path("documents/<int:document_id>/<path:file_name>", serve_document),
    path("documents/", include(wagtaildocs_urls)),
    path("api/", include("tracker.api.urls")),
    path("media/images/<path:path>", serve_rendition),
    path("webhooks/", include("newsletter.webhook_urls")),
]

if settings.DEBUG:
    from core import style_guide

    urlpatterns += [path("dev/", include(style_guide.urlpatterns))]

# English, the default language, has no prefix.
urlpatterns += i18n_patterns(
    path("news/", include("news.urls")),
    path("newsletter/", include("newsletter.urls")),
    path("tracker/", include("tracker.urls")),
    path("contact-messages/<int:page_id>/", receive_view, name="contact_message"),
    path("contact-messages/<int:page_id>/thanks/", thanks_view, name="contact_thanks"),
    path(
        "tracker/report-an-error/<iso3:iso3>/",
        error_reports.report_error_view,
        name="report_error",
    ),
    path(
        "tracker/report-an-error/<iso3:iso3>/thanks/",
        error_reports.thanks_view,
        name="report_error_thanks",
    ),
    path("search/", search_view, name="search"),
    path("", include(sign_in_urls)),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        password_for_page,
    ),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
