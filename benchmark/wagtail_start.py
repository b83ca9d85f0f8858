"""The second yardstick: the project made by `wagtail start`, with a front page of rich text."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAME = "yardstick"
SETTINGS_MODULE = f"{NAME}.settings.production"
PARAGRAPHS = 12

MODEL = """
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    body = RichTextField(blank=True)
    content_panels = [*Page.content_panels, FieldPanel("body")]
"""

TEMPLATE = """
{% extends "base.html" %}
{% load wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1>{{ page.body|richtext }}{% endblock content %}
"""

# The same kind of database and pool as the site's.
SETTINGS = """
from .base import *

DEBUG = False
SECRET_KEY = "yardstick"
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {{
    "default": {{
        **{database!r},
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {{"pool": {{"min_size": 1, "max_size": 8, "timeout": 10}}}},
    }}
}}
"""

CONTENT = f"""
from home.models import HomePage
page = HomePage.objects.get()
page.body = (
    "<h2>What states promised</h2><p>A paragraph of <b>rich text</b> with a "
    '<a linktype="page" id="%d">link</a> to a page.</p>' % page.pk
) * {PARAGRAPHS}
page.save_revision().publish()
"""


def make_project(
    folder: Path, *, database: Mapping[str, Any], environment: Mapping[str, str]
) -> None:
    """Generate the project in `folder`, fill its database, and collect its static files."""

    def run(*command: str) -> None:
        subprocess.run(  # noqa: S603 - our own arguments.
            command,
            cwd=folder,
            env={**environment, "DJANGO_SETTINGS_MODULE": SETTINGS_MODULE},
            check=True,
            capture_output=True,
        )

    folder.mkdir()
    run(str(Path(sys.executable).with_name("wagtail")), "start", NAME, ".")
    (folder / "home" / "models.py").write_text(MODEL)
    (folder / "home" / "templates" / "home" / "home_page.html").write_text(TEMPLATE)
    (folder / NAME / "settings" / "production.py").write_text(
        SETTINGS.format(database=dict(database))
    )
    manage = (sys.executable, "manage.py")
    run(*manage, "makemigrations", "home")
    run(*manage, "migrate")
    run(*manage, "collectstatic", "--noinput")
    run(*manage, "shell", "-c", CONTENT)
