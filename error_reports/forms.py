"""The form by which a reader reports an error."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.bot_protection import Limit, ProtectedForm
from core.email_addresses import EmailField

from .models import Part

HOUR = 60 * 60
MAX_LENGTH = 5_000  # Characters: two printed pages.


class ErrorReportForm(ProtectedForm):
    """What is wrong, in the reader's words."""

    client_limit = Limit("error-report-client", 10, HOUR)
    site_limit = Limit("error-report-site", 100, HOUR)
    unproven_client_limit = Limit("error-report-client-unproven", 3, HOUR)
    unproven_site_limit = Limit("error-report-site-unproven", 30, HOUR)

    part = forms.ChoiceField(label=_("What is wrong"), choices=Part)
    message = forms.CharField(
        label=_("What should it say, and how do you know?"),
        help_text=_("A link to an official source helps most."),
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    reply_address = EmailField(
        label=_("E-mail address"),
        help_text=_("Optional, if you would like a reply. We delete it after a year."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
