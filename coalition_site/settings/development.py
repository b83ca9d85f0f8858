"""Development: debug pages, mail to the local mailbox, the embedded database unless `DATABASE_URL` is set."""

from .base import *

DEBUG = True
SECRET_KEY = "development-only"  # noqa: S105
# `make dev` and `make site` share a key, because they share the database.
HASH_KEY = HASH_KEY or SECRET_KEY
ENCRYPTION_KEY = ENCRYPTION_KEY or "ZGV2ZWxvcG1lbnQgb25seSwgbm90IGEgc2VjcmV0ISE="
ALLOWED_HOSTS = ["*"]
INTERNAL_IPS = ["127.0.0.1"]

DATABASES.setdefault("default", {"ENGINE": "django.db.backends.postgresql"})

STAFF_MFA_REQUIRED = False
PAGE_CACHE_MAX_BYTES = 0  # A change of a template does not empty the cache.

# `make dev` runs a mailbox and sets its address. Otherwise mail is written to the terminal.
vars().update(env.email("EMAIL_URL", default="consolemail://"))

MIDDLEWARE.insert(0, "local_site.query_count.QueryCountMiddleware")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"terminal": {"class": "logging.StreamHandler"}},
    "loggers": {"local_site": {"level": "INFO", "handlers": ["terminal"]}},
}
