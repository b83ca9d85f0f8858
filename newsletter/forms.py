"""Forms for the public: sign-up, preferences, and the request for a link to unsubscribe."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.choices import Topic
from core.bot_protection import Limit, ProtectedForm
from core.email_addresses import EmailField
from core.language import current_language
from record.choices import Region

from .addresses import spelling_to_find
from .consent import WORDING
from .models.subscribers import Preferences

HOUR = 60 * 60


class AddressToFindField(forms.EmailField):
    """An address to look up, also in a spelling that only earlier rules accepted. Does not check if it is on file."""

    default_validators = []

    def clean(self, value: Any) -> str:
        return spelling_to_find(super().clean(value))


class ChoicesForm(forms.Form):
    """The preferences of a subscriber."""

    language = forms.ChoiceField(
        label=_("Language of the newsletter"), required=False, choices=settings.LANGUAGES
    )
    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        help_text=_("Leave empty for all."),
        required=False,
        choices=Region.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        help_text=_("Leave empty for all."),
        required=False,
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_language(self) -> str:
        """Default to the language of the page, since the band has no field for it."""
        return str(self.cleaned_data["language"] or current_language())

    @property
    def preferences(self) -> Preferences:
        """Return the preferences from a valid form."""
        return Preferences(
            language=self.cleaned_data["language"],
            regions=self.cleaned_data["regions"],
            topics=self.cleaned_data["topics"],
        )


class PreferencesForm(ChoicesForm):
    """The form of a confirmed subscriber."""


class LeaveForm(ProtectedForm):
    """Requests a mail with a link to unsubscribe, for people whose own link no longer works."""

    client_limit = Limit("newsletter-leave-client", 20, HOUR)
    site_limit = Limit("newsletter-leave-site", 1_000, HOUR)
    unproven_client_limit = Limit("newsletter-leave-client-unproven", 5, HOUR)
    unproven_site_limit = Limit("newsletter-leave-site-unproven", 100, HOUR)
    stays_open = True

    email = AddressToFindField(
        label=_("Your e-mail address"),
        error_messages={
            "required": _("Enter the e-mail address at which you receive our newsletter.")
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "placeholder": "name@example.org", "dir": "ltr"}
        ),
    )


class SubscribeForm(ProtectedForm, ChoicesForm):
    """The sign-up form. The band on the front page shows only the address and the consent."""

    # Each sign-up causes a mail, so these limit mails. People in an office or at a conference share a client address.
    client_limit = Limit("newsletter-client", 20, HOUR)
    site_limit = Limit("newsletter-site", 1_000, HOUR)
    unproven_client_limit = Limit("newsletter-client-unproven", 5, HOUR)
    unproven_site_limit = Limit("newsletter-site-unproven", 100, HOUR)
    stays_open = True

    email = EmailField(
        label=_("Your e-mail address"),
        error_messages={"required": _("Enter your e-mail address.")},
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "placeholder": "name@example.org", "dir": "ltr"}
        ),
    )
    consent = forms.BooleanField(
        label=WORDING,
        error_messages={
            "required": _("Please tick this box: we may not write to you without your consent.")
        },
    )

    field_order = ["email", "language", "regions", "topics", "consent"]
