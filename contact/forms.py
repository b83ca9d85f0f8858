"""The form of a contact page, built from the fields that staff define."""

from typing import Any

from django import forms
from wagtail.contrib.forms.forms import BaseForm, FormBuilder

from core.bot_protection import Limit, ProtectedForm
from core.email_addresses import EmailField

HOUR = 60 * 60
MAX_LENGTH = 5_000  # Characters of an answer of several lines, about two printed pages.


class ContactForm(ProtectedForm, BaseForm):
    """The base of every contact form, with protection against bots. Staff define the other fields."""

    client_limit = Limit("contact-client", 10, HOUR)
    site_limit = Limit("contact-site", 300, HOUR)
    unproven_client_limit = Limit("contact-client-unproven", 3, HOUR)
    unproven_site_limit = Limit("contact-site-unproven", 60, HOUR)

    @property
    def answer_fields(self) -> list[forms.BoundField]:
        """Return the fields that staff defined, in their order."""
        return [field for field in self if field.name not in ProtectedForm.base_fields]

    @property
    def answers(self) -> dict[str, Any]:
        """Return the answers of a valid form by field name: each a text, a list of texts, or a boolean."""
        return {field.name: self.cleaned_data[field.name] for field in self.answer_fields}


class ContactFormBuilder(FormBuilder):
    """Builds a `ContactForm`."""

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.Textarea(attrs={"rows": 8})
        return forms.CharField(max_length=MAX_LENGTH, widget=widget, **options)

    def create_email_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        widget = forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"})
        return EmailField(widget=widget, **options)

    def get_form_class(self) -> type[ContactForm]:
        return type("BuiltContactForm", (ContactForm,), self.formfields)
