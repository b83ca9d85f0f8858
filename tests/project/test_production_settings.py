"""The production settings, loaded by a process of their own."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from .production import COMPLETE, refusal, setting, start


def test_all_that_is_missing_is_named_at_once() -> None:
    message = refusal()
    for name in COMPLETE:
        assert name in message
    assert "ANYMAIL_PROVIDER" in message


@pytest.mark.parametrize("name", COMPLETE)
def test_only_the_missing_setting_is_named(name: str) -> None:
    message = refusal(**{key: value for key, value in COMPLETE.items() if key != name})
    assert [other for other in COMPLETE if f"{other} " in message.split("needs:")[-1]] == [name]


def test_a_mail_provider_requires_its_keys() -> None:
    without_mail = {key: value for key, value in COMPLETE.items() if key != "EMAIL_URL"}
    message = refusal(**without_mail, ANYMAIL_PROVIDER="mailjet")
    assert "ANYMAIL_MAILJET_API_KEY is missing" in message
    assert "ANYMAIL_MAILJET_SECRET_KEY is missing" in message
    assert "EMAIL_URL" not in message.split("needs:")[-1]


@pytest.mark.parametrize("key", ["short", "e" * 60, "ü" * 43 + "="])
@pytest.mark.parametrize("name", ["ENCRYPTION_KEY", "ENCRYPTION_KEY_FALLBACKS"])
def test_an_encryption_key_of_another_length_is_refused(name: str, key: str) -> None:
    message = refusal(**{**COMPLETE, name: key})
    assert f"{name} must be 32 random bytes" in message
    assert key not in message


def test_an_unknown_mail_provider_is_refused() -> None:
    assert "ANYMAIL_PROVIDER is 'pigeon'" in refusal(**COMPLETE, ANYMAIL_PROVIDER="pigeon")


def test_a_bucket_requires_the_host_that_serves_it() -> None:
    assert "S3_PUBLIC_HOST is missing" in refusal(**COMPLETE, S3_BUCKET="media")


def test_an_address_without_tls_is_refused() -> None:
    message = refusal(**{**COMPLETE, "SITE_URL": "http://www.example.org"})
    assert "SITE_URL must begin with https://" in message


def test_the_mail_provider_gets_its_key() -> None:
    process = start(
        "from django.core.mail import get_connection",
        "connection = get_connection()",
        "print(json.dumps([connection.esp_name, connection.server_token]))",
        **COMPLETE,
        ANYMAIL_PROVIDER="postmark",
        ANYMAIL_POSTMARK_SERVER_TOKEN="token",
    )
    assert json.loads(process.stdout.splitlines()[-1]) == ["Postmark", "token"], process.stderr


def test_the_mail_provider_reports_bounces_with_its_own_secret() -> None:
    provider = {"ANYMAIL_PROVIDER": "postmark", "ANYMAIL_POSTMARK_SERVER_TOKEN": "token"}
    secrets = {"ANYMAIL_WEBHOOK_SECRET": "site:new,site:old"}
    assert setting("MAIL_WEBHOOKS_FROM", **provider) == "postmark"
    assert setting("ANYMAIL", **provider)["WEBHOOK_SECRET"] == []
    assert setting("ANYMAIL", **provider, **secrets)["WEBHOOK_SECRET"] == ["site:new", "site:old"]


def test_the_provider_of_an_smtp_server_reports_bounces_too() -> None:
    by_smtp = {"MAIL_WEBHOOKS_FROM": "brevo"}
    assert setting("EMAIL_HOST", **by_smtp) == "mail.example.org"
    assert setting("MAIL_WEBHOOKS_FROM", **by_smtp) == "brevo"
    assert "MAIL_WEBHOOKS_FROM is 'pigeon'" in refusal(**COMPLETE, MAIL_WEBHOOKS_FROM="pigeon")


@pytest.mark.parametrize("secret", ["", "site:secret"])
def test_operators_are_warned_of_bounces_that_do_not_arrive(secret: str) -> None:
    environment = {"MAIL_WEBHOOKS_FROM": "postmark", "ANYMAIL_WEBHOOK_SECRET": secret}
    names = ("MAIL_WEBHOOKS_FROM", "ANYMAIL")
    with override_settings(**{name: setting(name, **environment) for name in names}):
        warned = [message.id for message in run_checks()]
    assert ("newsletter.W001" in warned) == (not secret)


def test_every_mail_provider_starts_with_its_required_keys() -> None:
    process = start(
        "from django.test import override_settings",
        "from django.core.mail import get_connection",
        "from coalition_site.settings.mail_providers import REQUIRED_KEYS, backend_of",
        "for provider, keys in REQUIRED_KEYS.items():",
        "    values = dict.fromkeys(keys, 'https://example.org/')",
        "    with override_settings(ANYMAIL=values):",
        "        get_connection(backend_of(provider))",
        "print(json.dumps(sorted(REQUIRED_KEYS)))",
        **COMPLETE,
    )
    assert "postmark" in json.loads(process.stdout.splitlines()[-1]), process.stderr


def test_mail_by_smtp_is_encrypted() -> None:
    assert setting("EMAIL_HOST") == "mail.example.org"
    assert setting("EMAIL_USE_TLS") is True


def test_mail_comes_from_the_host_of_the_site() -> None:
    assert setting("DEFAULT_FROM_EMAIL").endswith("<news@www.example.org>")


def test_plain_requests_are_sent_to_tls_and_health_checks_are_not() -> None:
    assert setting("SECURE_SSL_REDIRECT") is True
    assert setting("SESSION_COOKIE_SECURE") is True
    assert setting("SECURE_SSL_REDIRECT", SITE_URL="http://127.0.0.1:8000") is False


def test_requests_borrow_connections_from_a_pool() -> None:
    databases = setting("DATABASES", DATABASE_POOL_SIZE="3")
    assert databases["default"]["OPTIONS"]["pool"]["max_size"] == 3


BUCKET = {
    "S3_BUCKET": "media",
    "S3_PUBLIC_HOST": "media.example.org",
    "S3_REGION": "eu-west-3",
    "S3_ACCESS_KEY_ID": "key",
    "S3_SECRET_ACCESS_KEY": "secret",
}


def addresses_in_the_bucket(**environment: str) -> dict[str, str]:
    """Return the addresses of a document, an original, a PDF and a rendition."""
    process = start(
        "import django",
        "django.setup()",
        "from core.models import CoalitionDocument, CoalitionImage",
        "from core.models import CoalitionRendition",
        "from tracker.models import ReportFile",
        "files = {",
        "    'document': (CoalitionDocument, 'documents/a.pdf'),",
        "    'original': (CoalitionImage, 'original_images/a.jpg'),",
        "    'report': (ReportFile, 'reports/a.pdf'),",
        "    'rendition': (CoalitionRendition, 'images/a.webp'),",
        "}",
        "def address(model, name):",
        "    return model._meta.get_field('file').storage.url(name)",
        "print(json.dumps({kind: address(*file) for kind, file in files.items()}))",
        **COMPLETE,
        **BUCKET,
        **environment,
    )
    assert process.returncode == 0, process.stderr
    addresses: dict[str, str] = json.loads(process.stdout.splitlines()[-1])
    return addresses


def test_only_renditions_are_public_in_a_bucket() -> None:
    addresses = addresses_in_the_bucket()
    assert addresses.pop("rendition") == "https://media.example.org/images/a.webp"
    for address in addresses.values():
        parts = urlsplit(address)
        query = parse_qs(parts.query)
        assert parts.hostname != "media.example.org"
        assert query["X-Amz-Signature"]
        assert query["X-Amz-Expires"] == ["300"]


def test_private_files_may_have_their_own_bucket() -> None:
    addresses = addresses_in_the_bucket(S3_PRIVATE_BUCKET="private-media")
    assert addresses.pop("rendition") == "https://media.example.org/images/a.webp"
    assert all("private-media" in address for address in addresses.values())


def test_files_in_a_bucket_have_cache_headers() -> None:
    storages = setting("STORAGES", **BUCKET)
    kept = {
        name: storages[name]["OPTIONS"]["object_parameters"] for name in ("default", "renditions")
    }
    assert kept["default"] == {"CacheControl": "private, no-store"}
    assert kept["renditions"] == {"CacheControl": "public, max-age=31536000, immutable"}


def test_pages_and_the_admin_show_pictures_of_the_bucket() -> None:
    public = setting("CONTENT_SECURITY_POLICY", **BUCKET)["DIRECTIVES"]["img-src"]
    admin = setting("ADMIN_CONTENT_SECURITY_POLICY", **BUCKET)["img-src"]
    assert public == ["'self'", "https://media.example.org"]
    # The uploader previews a picture before it is sent.
    assert admin == ["'self'", "blob:", "data:", "https://media.example.org"]


def test_the_shared_cache_is_valkey_when_its_address_is_given() -> None:
    caches = setting("CACHES", CACHE_URL="redis://valkey:6379/0")
    assert caches["default"]["BACKEND"].endswith("RedisCache")
    assert caches["default"]["LOCATION"] == "redis://valkey:6379/0"
