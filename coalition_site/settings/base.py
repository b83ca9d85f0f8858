"""Settings common to all environments. Values that differ are read from environment variables."""

from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import environ
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

from .sign_in import *

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

# Applications. Their order is the order in which templates are looked up.
INSTALLED_APPS = [
    "home",
    "contact",
    "search",
    "error_reports",
    "newsletter",
    "news",
    "campaigns",
    "tracker",
    "regions",
    "record",
    "charts",
    "core",
    "wagtail_localize",
    "wagtail.contrib.forms",
    "core.redirects.apps.PublishedRedirectsConfig",  # wagtail.contrib.redirects
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    # Not wagtail_localize.locales: it offers to publish one language's pages under the addresses of another.
    "wagtail.locales",
    "wagtail.sites",
    "core.staff_accounts.apps.StaffAccountsConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "anymail",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "core.health.HealthMiddleware",
    "core.logs.RequestLogMiddleware",
    # Before all middleware that costs time or varies by visitor.
    "core.page_cache.middleware.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.security_headers.SecurityHeadersMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "tracker.api.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.language.LanguageFromPathMiddleware",
    "core.database.gate.GateMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.sign_in.sessions.AdminGate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.redirects.middleware.QueryKeepingRedirectMiddleware",
    "core.page_cache.site.SiteMiddleware",
]

ROOT_URLCONF = "coalition_site.urls"
WSGI_APPLICATION = "coalition_site.wsgi.application"
# The site is at the root of its host. Django would otherwise take the prefix of every link from the server in front:
# from SCRIPT_NAME, and with some servers from SCRIPT_URL and REDIRECT_URL.
FORCE_SCRIPT_NAME = ""

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            # Colour tokens, for mail and pictures as well: `{% colour "blue" %}`.
            "builtins": ["core.templatetags.style_tags"],
            # The tags of the map are in the module that draws it.
            "libraries": {"map_tags": "charts.world_map"},
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

# Database. Without an address, manage.py, the launcher and the tests start the embedded one.
DATABASES = {}
if env.str("DATABASE_URL", ""):
    DATABASES["default"] = env.db("DATABASE_URL")
WEB_THREADS = 0  # Requests that a web process handles at once; 0: no limit.
# Seconds for which a worker waits for a database that is gone.
WORKER_PATIENCE = env.int("WORKER_PATIENCE", 600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared cache: rate limits, renditions, sessions of staff. Pages have a cache of their own.
CACHES = {
    "default": (
        env.cache("CACHE_URL")
        if env.str("CACHE_URL", "")
        else {
            "BACKEND": "core.shared_cache.SharedDatabaseCache",
            "LOCATION": "shared_cache",
            "OPTIONS": {
                "MAX_ENTRIES": 50_000
            },  # Django's default of 300 would evict counters of rate limits.
        }
    )
}
# Public pages, in the memory of each worker. 0 switches it off.
PAGE_CACHE_MAX_BYTES = env.int("PAGE_CACHE_MAX_BYTES", 64 * 1024 * 1024)
# Models shown on pages, besides page models and their children, which are found automatically. Saving one of them
# empties the cache.
PAGE_CACHE_SHOWN_MODELS = [
    "core.CoalitionDocument",
    "core.CoalitionImage",
    "core.SiteSettings",
    "core.SocialLink",
    "record.Country",
    "tracker.Erratum",
    "record.FocusYear",
    "tracker.FrozenRecord",
    "record.ImplementingLaw",
    "record.RecordChange",
    "record.RecordVersion",
    "tracker.ReportFile",
    "record.TreatyAction",
    "tracker.YearlyReport",
    "wagtailcore.Collection",
    "wagtailcore.CollectionViewRestriction",
    "wagtailcore.Locale",
    "wagtailcore.PageViewRestriction",
    "wagtailcore.Site",
    "wagtailredirects.Redirect",
]
SESSION_ENGINE = "core.sign_in.sessions"

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False  # A translation begins as a draft.
FORMAT_MODULE_PATH = ["core.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "core.stylesheet.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))()
STORAGES: dict[str, dict[str, Any]] = {
    # Originals, documents and other files that not everybody may read.
    "default": {"BACKEND": "core.storage.WholeFileStorage"},
    # Pictures in the sizes that pages show.
    "renditions": {"BACKEND": "core.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Wagtail
WAGTAIL_SITE_NAME = "Coalition for the International Criminal Court"
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith("http://localhost")
MFA_TOTP_ISSUER = WAGTAIL_SITE_NAME
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_IMAGE_MODEL = "core.CoalitionImage"
WAGTAILDOCS_DOCUMENT_MODEL = "core.CoalitionDocument"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = env.int("DOCUMENT_MAX_MEGABYTES", 20) * 1024**2
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
# 8,000 × 6,000. Decoded, a picture takes four bytes a pixel, several times over while it is resized.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 48_000_000
# Whether originals keep the metadata of cameras, such as places. Renditions never do.
IMAGES_KEEP_METADATA = env.bool("IMAGES_KEEP_METADATA", False)
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "core.search_backend"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # Gravatar would receive hashes of staff addresses.
# Only zones of places: browsers reject other names on some systems, such as "localtime".
_CONTINENTS = ("Africa", "America", "Antarctica", "Asia", "Australia", "Europe")
_OCEANS = ("Atlantic", "Indian", "Pacific")
WAGTAIL_USER_TIME_ZONES = [
    "UTC",
    *sorted(zone for zone in available_timezones() if zone.startswith(_CONTINENTS + _OCEANS)),
]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
TAGGIT_CASE_INSENSITIVE = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Long StreamFields pass Django's default of 1,000.

# Mail
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Coalition for the ICC <news@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Workers. Each polls every second for jobs that no notification announces: those that waited for a lock.
PROCRASTINATE_ON_APP_READY = "core.worker.use_site_job_manager"
PROCRASTINATE_WORKER_DEFAULTS = {
    "fetch_job_polling_interval": 1.0,
    "update_heartbeat_interval": 5.0,
    "stalled_worker_timeout": 20.0,
}

# Mailings to many
# The address for replies to the newsletter, and for people who cannot use the form. Empty: the sender.
NEWSLETTER_REPLY_TO = env.str("NEWSLETTER_REPLY_TO", "")
NEWSLETTER_SENDERS = env.int("NEWSLETTER_SENDERS", 2)  # Sender jobs that run at the same time.
NEWSLETTER_CONNECTIONS = env.int(
    "NEWSLETTER_CONNECTIONS", 8
)  # Connections of each sender job to the mail server.
NEWSLETTER_RATE = env.float("NEWSLETTER_RATE", 0.0)  # Mails per second in total; 0: no limit.
NEWSLETTER_MAX_ERRORS = env.int(
    "NEWSLETTER_MAX_ERRORS", 20
)  # Consecutive errors after which a mailing pauses.
# Days after which the address of an unsubscribed person is erased, except its hash. The privacy page says so.
NEWSLETTER_KEEP_FORMER_DAYS = env.int("NEWSLETTER_KEEP_FORMER_DAYS", 30)
# The provider whose webhooks report bounces and complaints. Set in production.
MAIL_WEBHOOKS_FROM = ""
NEWSLETTER_SOFT_BOUNCES = env.int("NEWSLETTER_SOFT_BOUNCES", 5)

# Public forms
TRUSTED_PROXIES = env.int(
    "TRUSTED_PROXIES", 0
)  # The number of proxies in front that append to X-Forwarded-For.
# The key of hashes of addresses (ledger of consent, suppression list). The hashes outlive every SECRET_KEY.
HASH_KEY = env.str("HASH_KEY", "")
# Earlier keys, so that hashes made with them are still found.
HASH_KEY_FALLBACKS: list[str] = env.list("HASH_KEY_FALLBACKS", default=[])
# Encrypts the second factors of staff, so that they cannot be read in a dump of the database.
ENCRYPTION_KEY = env.str("ENCRYPTION_KEY", "")
# Earlier keys, for decryption only.
ENCRYPTION_KEY_FALLBACKS: list[str] = env.list("ENCRYPTION_KEY_FALLBACKS", default=[])
# PBKDF2 rounds for each try. A proof needs 256 tries on average.
PROOF_OF_WORK_COST = env.int("PROOF_OF_WORK_COST", 2_000)

# The contact for reports of vulnerabilities, in /.well-known/security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")

# Security headers of public pages. Nothing is loaded from elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [
            SELF
        ],  # The page's inline stylesheet is allowed too: see core/security_headers.py.
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        # The video players that load after a click (core/blocks/embeds.py).
        "frame-src": ["https://www.youtube-nocookie.com", "https://player.vimeo.com"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
ADMIN_PATH = "/admin/"
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [NONE],
    # Wagtail's inline panels and date choosers use inline scripts, and its text editor inline styles.
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    # The uploader previews pictures with blob: and data: addresses.
    "img-src": [SELF, "blob:", "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "worker-src": [SELF],
    "manifest-src": [SELF],
    "frame-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = False  # Read by Wagtail's admin.
SESSION_COOKIE_HTTPONLY = True
