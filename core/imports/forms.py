"""The field of a form that takes a CSV file."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .waiting import Upload


class CSVField(forms.FileField):
    """Cleans to an `Upload` with at most one byte more than `max_bytes`. The import checks the content."""

    def __init__(self, *, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        super().__init__(
            label=_("File"),
            help_text=format_lazy(
                _("A CSV file of at most {size} MB. Nothing is written yet."),
                size=max_bytes // 1024**2,
            ),
            allow_empty_file=True,
            widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        )

    def clean(self, data: Any, initial: Any = None) -> Upload:
        file = super().clean(data, initial)
        return Upload(PurePath(file.name or "").name, file.read(self.max_bytes + 1))
