"""The pages of sign-in in each language, and redirects from Wagtail's own.

Only the pages of django-allauth that staff need: their addresses and names are changed in the admin.
"""

from allauth.account import views
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from .sessions import session_state

to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
to_password_reset = RedirectView.as_view(pattern_name="account_reset_password")

# Wagtail's own pages ask for a password only, and do not count attempts.
instead_of_wagtail: list[URLPattern | URLResolver] = [
    path("login/", to_sign_in),
    path("password_reset/", to_password_reset),
]

staff: list[URLPattern | URLResolver] = [
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("sign-up/", views.signup, name="account_signup"),  # Says that sign-up is closed.
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("confirm/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_reset, name="account_reset_password"),
    path("password/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-step/", include("allauth.mfa.urls")),
    path("session/", session_state, name="staff_session"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/", include(staff)),
    path("_util/login/", to_sign_in),
]
