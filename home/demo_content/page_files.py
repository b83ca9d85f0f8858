"""Reads the files of the pages."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps

from core.models import BasePage
from tracker.models import YearlyReport

PAGES = Path(__file__).parent / "pages"
CONTENTS = PAGES / "contents.yaml"
FRONT_PAGE = "front-page"


@dataclass(frozen=True)
class PageFile:
    """A page as written: its key, which is its place in the tree; its kind; and its fields by name."""

    key: str
    model: type[BasePage] | type[YearlyReport]
    fields: dict[str, Any]

    @property
    def slug(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def parent_key(self) -> str | None:
        """None for the front page alone."""
        if self.key == FRONT_PAGE:
            return None
        return self.key.rpartition("/")[0] or FRONT_PAGE


def read_page_files() -> list[PageFile]:
    """Every page in the order of `contents.yaml`, in which a page stands after its parent."""
    contents = yaml.safe_load(CONTENTS.read_text(encoding="utf-8"))
    return [_read(key, kind) for key, kind in contents.items()]


def _read(key: str, kind: str) -> PageFile:
    fields = yaml.safe_load((PAGES / f"{key}.yaml").read_text(encoding="utf-8"))
    return PageFile(key=key, model=apps.get_model(kind), fields=fields)
