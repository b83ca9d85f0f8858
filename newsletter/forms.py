"""What a person fills in."""

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
from .preferences import Preferences

HOUR = 60 * 60


class AddressToFindField(forms.EmailField):
    """An address that may be on file, also by the rules of earlier years. Whether it is makes no difference here."""

    default_validators = []

    def clean(self, value: Any) -> str:
        return spelling_to_find(super().clean(value))


class ChoicesForm(forms.Form):
    """What a subscriber wants to read."""

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
        """The language of the page where the form, as the band, does not ask."""
        return str(self.cleaned_data["language"] or current_language())

    @property
    def preferences(self) -> Preferences:
        """Of a valid form."""
        return Preferences(
            language=self.cleaned_data["language"],
            regions=self.cleaned_data["regions"],
            topics=self.cleaned_data["topics"],
        )


class PreferencesForm(ChoicesForm):
    """What a confirmed subscriber may change."""


class LeaveForm(ProtectedForm):
    """Asks for a link to leave, for those whose own link works no more."""

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
    """The sign-up. The band of the front page shows the address and the consent only."""

    # One mail answers each sign-up, so these limit mails. An office or a conference shares one client address.
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
