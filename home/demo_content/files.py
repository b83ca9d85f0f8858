"""Reads the files of the pages, and the facts in `brief.yaml` that they name by path."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings

from core.models import BasePage
from tracker.models import YearlyReport

PAGES = Path(__file__).parent / "pages"
CONTENTS = PAGES / "contents.yaml"
FRONT_PAGE = "front-page"


@dataclass(frozen=True)
class PageFile:
    """The file of a page: its key, which is its place in the tree, its page type, and its fields by name."""

    key: str
    model: type[BasePage] | type[YearlyReport]
    fields: dict[str, Any]

    @property
    def slug(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def parent_key(self) -> str | None:
        """Return the key of the parent page; None for the front page."""
        if self.key == FRONT_PAGE:
            return None
        return self.key.rpartition("/")[0] or FRONT_PAGE


def read_page_files() -> list[PageFile]:
    """Read every page in the order of `contents.yaml`, which lists each page after its parent."""
    contents = yaml.safe_load(CONTENTS.read_text(encoding="utf-8"))
    return [_read(key, kind) for key, kind in contents.items()]


def _read(key: str, kind: str) -> PageFile:
    fields = yaml.safe_load((PAGES / f"{key}.yaml").read_text(encoding="utf-8"))
    return PageFile(key=key, model=apps.get_model(kind), fields=fields)


BRIEF = Path(__file__).parent / "brief.yaml"
PLACEHOLDER = re.compile(r"\{\{ *([\w.-]+)( as figure)? *\}\}")


class UnknownFactError(LookupError):
    """A text names a fact that does not exist."""


class Facts:
    """Facts by path: `where_we_work.regions.africa.key_facts.coalition_members`.

    An entry of a list is named by its slug or by its position from 1: `organisation.secretariat.1.name`.
    """

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts

    @classmethod
    def of_this_site(cls) -> "Facts":
        """Read the brief, and add the sender address of this site as `site.mail_address`."""
        _name, mail_address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        brief = yaml.safe_load(BRIEF.read_text(encoding="utf-8"))
        return cls({**brief, "site": {"mail_address": mail_address}})

    def get(self, path: str) -> str:
        """Return the fact as text. Raises `UnknownFactError`."""
        value: Any = self.facts
        for name in path.split("."):
            if isinstance(value, list):
                value = _named(value)
            if not isinstance(value, dict) or name not in value:
                raise UnknownFactError(path)
            value = value[name]
        if isinstance(value, dict | list):
            raise UnknownFactError(path)
        return str(value)

    def fill(self, text: str) -> str:
        """Replace `{{ path }}` by the fact, and `{{ path as figure }}` by its form for large type."""
        return PLACEHOLDER.sub(
            lambda match: as_figure(self.get(match[1])) if match[2] else self.get(match[1]), text
        )


def _named(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        str(name): entry
        for position, entry in enumerate(entries, start=1)
        for name in (position, entry.get("slug"))
    }


def as_figure(text: str) -> str:
    """Return a number in its form for large type: 2,500+ for “more than 2,500”."""
    return re.sub(r"^more than (.+)$", r"\1+", text)
