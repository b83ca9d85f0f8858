"""The contact page, whose form staff define, and the messages that people send with it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.models import AbstractFormField, AbstractFormSubmission, FormMixin
from wagtail.fields import RichTextField, StreamField
from wagtail.models import TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField

from core.blocks import BodyBlock
from core.email_addresses import normalise_email
from core.models import BasePage

# Wagtail's form pages name the builder of their form, so these models import a form.
from .forms import ContactFormBuilder


class FieldType(models.TextChoices):
    """Types of fields. The values are the names in Wagtail's form builder."""

    SINGLE_LINE = "singleline", _("One line")
    MULTI_LINE = "multiline", _("Several lines")
    EMAIL = "email", _("E-mail address")
    DROP_DOWN = "dropdown", _("One from a list")
    RADIO = "radio", _("Radio buttons")
    CHECKBOXES = "checkboxes", _("Checkboxes")
    CHECKBOX = "checkbox", _("Yes or no")


class Role(models.TextChoices):
    """The use of an answer in the mail to the secretariat."""

    REPLY_ADDRESS = "reply_address", _("Reply address")
    SUBJECT = "subject", _("Subject")


SUBJECT_TYPES = (FieldType.SINGLE_LINE, FieldType.DROP_DOWN, FieldType.RADIO)


def validate_recipients(value: str) -> None:
    """Raise ValidationError unless every line is an e-mail address."""
    for address in value.split():
        try:
            _normalise_recipient(address)
        except ValidationError:
            raise ValidationError(
                _("“%(address)s” is not an e-mail address. Enter one per line."),
                params={"address": address},
            ) from None


def _normalise_recipient(address: str) -> str:
    """Return the normalised address. Addresses at localhost are allowed for a site on one's own machine."""
    return address if address.endswith("@localhost") else normalise_email(address)


class ContactPage(FormMixin, BasePage):
    """A page with a form. Its messages are stored for `keep_days` and mailed to the recipients."""

    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    button = models.CharField(_("button text"), max_length=40)
    thanks = RichTextField(
        _("thanks"),
        features=["bold", "italic", "link"],
        help_text=_("Shown after the message was sent: what happens next, and when."),
    )
    recipients = models.TextField(
        _("recipients"),
        validators=[validate_recipients],
        help_text=_("Messages are sent to these addresses, one per line. They are not published."),
    )
    keep_days = models.PositiveSmallIntegerField(
        _("days to keep messages"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(3_650)],
        help_text=_("Messages are then deleted from the site; the e-mails are not."),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("body"),
        InlinePanel("form_fields", heading=_("Form"), label=_("Field"), min_num=1),
        MultiFieldPanel(["button", "thanks"], heading=_("Sending")),
        MultiFieldPanel(["recipients", "keep_days"], heading=_("Messages")),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]
    override_translatable_fields = [SynchronizedField("recipients", overridable=False)]
    page_description = _("A form that you design. Messages are e-mailed and kept for a set time.")
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types: list[str] = []
    template = "contact/contact_page.html"
    landing_page_template = "contact/contact_thanks.html"
    form_builder = ContactFormBuilder

    class Meta:
        verbose_name = _("contact page")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(keep_days__gte=1), name="contact_messages_are_kept_a_day"
            )
        ]

    @property
    def recipient_list(self) -> list[str]:
        return [_normalise_recipient(address) for address in self.recipients.split()]

    def get_submission_class(self) -> type["ContactMessage"]:
        return ContactMessage

    def serve(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Serve the empty form, cached for everyone. Messages are sent to another address: `receive_view`."""
        return BasePage.serve(self, request, *args, **kwargs)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {"form": self.get_form(page=self), **context}


class ContactFormField(TranslatableMixin, AbstractFormField):
    """A field of a contact form."""

    page = ParentalKey(ContactPage, on_delete=models.CASCADE, related_name="form_fields")
    field_type = models.CharField(_("kind"), max_length=16, choices=FieldType)
    field_type.required_on_save = True  # type: ignore[attr-defined] # The preview needs it.
    role = models.CharField(
        _("use in the mail"),
        max_length=16,
        choices=Role,
        blank=True,
        help_text=_("Choose one field as the reply address so that e-mails can be answered."),
    )

    panels = [
        FieldPanel("label"),
        FieldPanel("help_text"),
        FieldPanel("required"),
        FieldPanel("field_type", classname="formbuilder-type", required_on_save=True),
        FieldPanel("choices", classname="formbuilder-choices"),
        FieldPanel("role"),
    ]
    override_translatable_fields = [SynchronizedField("clean_name", overridable=False)]

    class Meta(TranslatableMixin.Meta, AbstractFormField.Meta):
        abstract = False
        verbose_name = _("field")
        constraints = [
            models.UniqueConstraint(
                fields=("page", "role"),
                condition=~models.Q(role=""),
                name="unique_contact_field_role",
                violation_error_message=_("Another field is already used for this in the e-mail."),
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.REPLY_ADDRESS) | models.Q(field_type=FieldType.EMAIL),
                name="contact_reply_address_is_email",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.SUBJECT) | models.Q(field_type__in=SUBJECT_TYPES),
                name="contact_subject_is_short",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_field_clean_name(self) -> str:
        """Return a name with a prefix, so that it never equals a field of `ProtectedForm`, such as the honeypot."""
        return f"answer_{super().get_field_clean_name()}"

    def clean(self) -> None:
        super().clean()
        if self.role == Role.REPLY_ADDRESS and self.field_type != FieldType.EMAIL:
            raise ValidationError({"role": _("Only an e-mail field can be the reply address.")})
        if self.role == Role.SUBJECT and self.field_type not in SUBJECT_TYPES:
            raise ValidationError(
                {"role": _("A subject must be a single line or a choice from a list.")}
            )


class ContactMessage(AbstractFormSubmission):
    """A message that somebody sent. Staff with the permission may read it until it is deleted after `keep_days`."""

    mailed_at = models.DateTimeField(_("mailed at"), null=True, editable=False)

    class Meta:
        verbose_name = _("contact message")
        verbose_name_plural = _("contact messages")
        default_permissions = ("view",)
        indexes = [models.Index(fields=("page", "submit_time"), name="contact_messages_by_age")]
