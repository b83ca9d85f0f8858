"""Tests: PostgreSQL as in production, fast hashes, and mail kept in memory unless a test sends it."""

from .base import *
from .database import configure

DEBUG = False
SECRET_KEY = "test-only"  # noqa: S105
HASH_KEY = "test-only-hash-key"
HASH_KEY_FALLBACKS = []
ENCRYPTION_KEY = "dGVzdC1vbmx5IGVuY3J5cHRpb24ga2V5IDMyYnl0ZXM="
ENCRYPTION_KEY_FALLBACKS = []
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

DATABASES.setdefault("default", {"ENGINE": "django.db.backends.postgresql"})
# A test database need not survive a power cut.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
# Set by tests of outages.
configure(DATABASES["default"], pool_size=env.int("DATABASE_POOL_SIZE", 0))
WEB_THREADS = env.int("WEB_THREADS", 0)

PROOF_OF_WORK_COST = 20
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "test-media"))()
# Static files are served from their sources, without `collectstatic`.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
PAGE_CACHE_MAX_BYTES = env.int("PAGE_CACHE_MAX_BYTES", 0)  # Set by tests of the page cache.
STAFF_MFA_REQUIRED = False  # Most tests sign in with a password only.
