"""What staff hand in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """The file. What is in it is checked by the import."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A CSV file of at most 2 MB. Nothing is written yet."),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
