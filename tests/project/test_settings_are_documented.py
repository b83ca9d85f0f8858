"""Every setting that the code reads from the environment is documented."""

import re
from pathlib import Path

import pytest

from coalition_site.settings.mail_providers import REQUIRED_KEYS

PROJECT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""(?:env\.\w+\(|environ\.get\(|environ\[)\s*["']([A-Z0-9_]+)["']""")
SOURCES = [*(PROJECT / "coalition_site" / "settings").glob("*.py"), PROJECT / "gunicorn.conf.py"]
NAMES = sorted({name for source in SOURCES for name in READ.findall(source.read_text())})


def test_the_search_finds_settings() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "WEB_CONCURRENCY", "S3_BUCKET"} <= set(NAMES)


def test_each_is_in_the_example() -> None:
    example = (PROJECT / ".env.example").read_text()
    assert [name for name in NAMES if not re.search(rf"^(# )?{name}=", example, re.MULTILINE)] == []


def test_each_is_in_the_readme() -> None:
    rows = [line for line in (PROJECT / "README.md").read_text().splitlines() if line[:1] == "|"]
    assert [name for name in NAMES if not any(f"`{name}`" in row for row in rows)] == []


def test_the_example_names_nothing_that_is_not_read() -> None:
    example = (PROJECT / ".env.example").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z0-9_]+)=", example, re.MULTILINE))
    read_by_compose = set(re.findall(r"\$\{(\w+)", (PROJECT / "compose.yaml").read_text()))
    # gunicorn's own, and one for the options of django-anymail, which are read as a group.
    others = {"FORWARDED_ALLOW_IPS", "ANYMAIL_WEBHOOK_SECRET"}
    assert named - set(NAMES) - read_by_compose == others
    assert read_by_compose <= named


@pytest.mark.parametrize("provider", REQUIRED_KEYS)
def test_every_mail_provider_is_in_the_example(provider: str) -> None:
    assert re.search(rf"\b{provider}\b", (PROJECT / ".env.example").read_text())
