"""Production. Refuses to start while settings are missing or invalid, and lists them all."""

import os
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from .base import *
from .database import configure
from .logs import LOGGING  # noqa: F401 - a setting
from .mail_providers import REQUIRED_KEYS, backend_of, read_options


def is_encryption_key(text: str) -> bool:
    """Return whether a text is 32 bytes in URL-safe base64."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


required = {
    "SECRET_KEY": "a long random text, kept secret",
    "HASH_KEY": "another one, which keys the hashes of addresses (see “Keys” in docs/operations.md)",
    "ENCRYPTION_KEY": "32 random bytes in base64, which encrypt second factors (see .env.example)",
    "ALLOWED_HOSTS": "the host names of the site, separated by commas",
    "DATABASE_URL": "postgres://user:password@host:5432/database",
    "SITE_URL": "https://www.example.org, the address that mails and canonical links use",
}
email_url = env.str("EMAIL_URL", "")
mail_provider = env.str("ANYMAIL_PROVIDER", "")
# Mail may leave by a provider's SMTP server while the provider reports bounces by webhooks.
MAIL_WEBHOOKS_FROM = env.str("MAIL_WEBHOOKS_FROM", mail_provider)
if mail_provider:
    for key in REQUIRED_KEYS.get(mail_provider, ()):
        required[f"ANYMAIL_{key}"] = f"the mail provider {mail_provider} requires it"
elif not email_url:
    required["EMAIL_URL or ANYMAIL_PROVIDER"] = (
        "smtp+tls://user:password@host:587, or one of " + ", ".join(REQUIRED_KEYS)
    )
s3_bucket = env.str("S3_BUCKET", "")
s3_public_host = env.str("S3_PUBLIC_HOST", "")
if s3_bucket:
    required["S3_PUBLIC_HOST"] = "media.example.org, the host that serves the bucket to visitors"

problems = [f"{name} is missing: {use}" for name, use in required.items() if not env.str(name, "")]
for name, provider in (
    ("ANYMAIL_PROVIDER", mail_provider),
    ("MAIL_WEBHOOKS_FROM", MAIL_WEBHOOKS_FROM),
):
    if provider and provider not in REQUIRED_KEYS:
        problems.append(f"{name} is {provider!r}; it can be " + ", ".join(REQUIRED_KEYS))
ANYMAIL, unreadable_options = read_options(os.environ)
problems += unreadable_options
for name, keys in (
    ("ENCRYPTION_KEY", [ENCRYPTION_KEY] if ENCRYPTION_KEY else []),
    ("ENCRYPTION_KEY_FALLBACKS", ENCRYPTION_KEY_FALLBACKS),
):
    if not all(map(is_encryption_key, keys)):
        problems.append(f"{name} must be 32 random bytes in base64 (see .env.example)")
site = urlsplit(SITE_URL)
https = site.scheme == "https"
if not https and site.hostname not in ("localhost", "127.0.0.1", "::1"):
    problems.append("SITE_URL must begin with https:// unless it is this machine's own address")
if problems:
    raise ImproperlyConfigured(
        "The environment lacks what production needs:\n  " + "\n  ".join(problems)
    )

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Every thread of a server borrows a connection from its process's pool for one request.
configure(DATABASES["default"], pool_size=env.int("DATABASE_POOL_SIZE", 8))
WEB_THREADS = env.int("WEB_THREADS", 4)

# TLS. Off only for addresses of this machine.
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = https
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 365 * 24 * 3600) if https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", False)
# Subdomains and preloading are off by default, because other hosts of the domain may not use TLS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Files
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
if s3_bucket:
    s3_account = {
        "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
        "region_name": env.str("S3_REGION", "") or None,
        "access_key": env.str("S3_ACCESS_KEY_ID", "") or None,
        "secret_key": env.str("S3_SECRET_ACCESS_KEY", "") or None,
        "signature_version": "s3v4",
        "file_overwrite": False,
    }
    # Originals, documents and PDFs of reports, by signed addresses that are valid for minutes.
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            **s3_account,
            "bucket_name": env.str("S3_PRIVATE_BUCKET", "") or s3_bucket,
            "querystring_auth": True,
            "querystring_expire": 300,
            "object_parameters": {"CacheControl": "private, no-store"},
        },
    }
    STORAGES["renditions"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            **s3_account,
            "bucket_name": s3_bucket,
            "custom_domain": s3_public_host,
            "querystring_auth": False,
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
        },
    }
    # Documents are served by Django, so that their restrictions are checked at every request.
    WAGTAILDOCS_SERVE_METHOD = "serve_view"
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(f"https://{s3_public_host}")
    ADMIN_CONTENT_SECURITY_POLICY["img-src"].append(f"https://{s3_public_host}")

# Mail
# A list, so that the earlier secret is accepted until the provider uses the new one.
ANYMAIL.setdefault("WEBHOOK_SECRET", [])
if mail_provider:
    EMAIL_BACKEND = backend_of(mail_provider)
else:
    vars().update(env.email("EMAIL_URL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", f"{WAGTAIL_SITE_NAME} <news@{site.hostname}>"
)
