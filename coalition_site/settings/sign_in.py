"""Sign-in of staff: django-allauth in front of the Wagtail admin. See `core/sign_in/`."""

import environ

env = environ.Env()

AUTH_USER_MODEL = "core.User"
# One backend: with a second, a wrong password would be hashed twice, and the time would reveal known names.
AUTHENTICATION_BACKENDS = ["core.sign_in.adapters.StaffAuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL = WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
WAGTAIL_PASSWORD_RESET_ENABLED = False  # django-allauth's has limits, and links to SITE_URL.

ACCOUNT_ADAPTER = "core.sign_in.adapters.StaffAccountAdapter"
ACCOUNT_FORMS = {
    "login": "core.sign_in.adapters.SignInForm",
    "reset_password": "core.sign_in.adapters.PasswordResetForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "username*",
    "password1*",
]  # Required by checks; sign-up is closed.
ACCOUNT_EMAIL_VERIFICATION = "none"  # Staff who manage users enter the addresses.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # The password form never mails an unknown address.
ACCOUNT_EMAIL_NOTIFICATIONS = True  # Mail about changed passwords and second factors.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False  # A session ends with the browser.

# Off only for a site on one's own machine. There is no grace period: users set up a second factor at their first
# sign-in.
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", True)
MFA_ADAPTER = "core.sign_in.second_factors.StaffSecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # Accept one step of 30 seconds before and after, since clocks differ.
