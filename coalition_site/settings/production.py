"""Production. Refuses to start while a setting is missing, and names all that are."""

from django.core.exceptions import ImproperlyConfigured

from .base import *

REQUIRED = {
    "SECRET_KEY": "a long random text, kept secret",
    "ALLOWED_HOSTS": "the host names of the site, separated by commas",
    "DATABASE_URL": "postgres://user:password@host/database",
    "SITE_URL": "https://www.example.org, the address that mails and canonical links use",
}
missing = {name: meaning for name, meaning in REQUIRED.items() if not env.str(name, "")}
if not (env.str("EMAIL_URL", "") or env.str("ANYMAIL_PROVIDER", "")):
    missing["EMAIL_URL or ANYMAIL_PROVIDER"] = "smtp+tls://user:password@host:587, or a provider"
if missing:
    raise ImproperlyConfigured(
        "Settings are missing from the environment:\n"
        + "\n".join(f"  {name}: {meaning}" for name, meaning in missing.items())
    )

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

if env.str("EMAIL_URL", ""):
    vars().update(env.email("EMAIL_URL"))
