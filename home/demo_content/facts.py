"""The brief's facts, each stated once and named by where it stands in `brief.yaml`."""

import re
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

BRIEF = Path(__file__).parent / "brief.yaml"
PLACEHOLDER = re.compile(r"\{\{ *([\w.-]+)( as figure)? *\}\}")


class UnknownFactError(LookupError):
    """A text names a fact that there is not."""


class Facts:
    """Facts, asked by path: `where_we_work.regions.africa.key_facts.coalition_members`.

    An entry of a list is named by its slug, or counted: `organisation.secretariat.1.name` is the first one's.
    """

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts

    @classmethod
    def of_this_site(cls) -> "Facts":
        """The brief, and the address from which this site sends its mail as `site.mail_address`."""
        _name, mail_address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        brief = yaml.safe_load(BRIEF.read_text(encoding="utf-8"))
        return cls({**brief, "site": {"mail_address": mail_address}})

    def get(self, path: str) -> str:
        """The fact as text. Raises `UnknownFactError`."""
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
        """Put facts in the place of `{{ path }}`, or `{{ path as figure }}` for large type."""
        return PLACEHOLDER.sub(
            lambda match: as_figure(self.get(match[1])) if match[2] else self.get(match[1]), text
        )


def _named(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        str(name): entry
        for position, entry in enumerate(entries, start=1)
        for name in (position, entry.get("slug"))
    }


def as_figure(words: str) -> str:
    """Words as they are written in large type: “more than 2,500” is 2,500+."""
    return re.sub(r"^more than (.+)$", r"\1+", words)
