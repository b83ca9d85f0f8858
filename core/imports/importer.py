"""The declaration of an import, which an app extends; `views` has the pages of the admin."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Table

from core.models import User

from .columns import Schema
from .differences import Difference
from .uploads import Upload

APPLY = _("Apply")


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The changes that applying an upload would make, as shown to staff.

    `number` counts the changes; if it is 0, `summary` says so and nothing can be applied. `stamp` identifies the state
    of the data that was compared, and is passed to `Importer.apply`.
    """

    summary: str
    number: int
    apply_label: str | Promise = APPLY
    differences: Sequence[Difference] = ()
    stamp: str = ""


class Importer(ABC):
    """One import: its addresses, texts and steps. The key that `keep` returns identifies the upload in later steps.

    `form_class` has a `CSVField` called `file`.
    """

    title: ClassVar[str | Promise]
    introduction: ClassVar[str | Promise]
    columns_help: ClassVar[Sequence[str | Promise]]
    preview_title: ClassVar[str | Promise] = _("What the file changes")
    gone_message: ClassVar[str | Promise] = _("The file is no longer here. Upload it again.")
    preview_template: ClassVar[str] = "core/imports/confirm.html"
    permission: ClassVar[str]
    url_name: ClassVar[str]
    form_class: ClassVar[type[forms.BaseForm]]
    schema: ClassVar[Schema]

    @abstractmethod
    def keep(self, upload: Upload, answers: dict[str, Any], *, user: User) -> str:
        """Check the upload and keep it with the other answers of the form. Raises `ImportRefusedError`."""

    @abstractmethod
    def preview(self, key: str, *, user: User) -> Preview:
        """Return the changes. Raises `ImportGoneError`, or `ImportRefusedError` if it no longer fits the data."""

    @abstractmethod
    def apply(self, key: str, *, user: User, stamp: str) -> str:
        """Write the changes and return a message of success. Raises as `preview`, and `ImportOutdatedError`."""

    @abstractmethod
    def discard(self, key: str, *, user: User) -> None:
        """Erase the upload without applying it."""

    def waiting(self, *, user: User) -> Iterable[tuple[str, str]]:
        """Return the key and name of each upload of the user to be listed as waiting."""
        return []

    @abstractmethod
    def history(self) -> Table:
        """Return the latest imports."""
