"""What is done with messages from the contact form: one function a use case, one transaction each."""

import logging
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.jobs import defer
from core.metadata import absolute
from core.plain_text import on_one_line

from .models import ContactMessage, ContactPage, Role

logger = logging.getLogger(__name__)

# Named, not imported: the task calls the services.
MAIL_MESSAGE = "contact.mail_message"
MAX_SUBJECT = 120


@transaction.atomic
def receive_message(*, page: ContactPage, answers: dict[str, Any]) -> ContactMessage:
    """Store the message, with a job that mails it. The job is a row of the same transaction: both or neither."""
    message = ContactMessage.objects.create(page=page, form_data=answers)
    defer(MAIL_MESSAGE, message_id=message.pk)
    logger.info("contact.received", extra={"contact_message": message.pk, "page": page.pk})
    return message


@transaction.atomic
def mail_message(*, message_id: int) -> None:
    """Mail a message to the recipients of its page, once. Nothing happens where it was deleted meanwhile."""
    messages = ContactMessage.objects.select_for_update().filter(mailed_at=None)
    message = messages.filter(pk=message_id).first()
    if message is None:
        return
    page = ContactPage.objects.get(pk=message.page_id)
    _mail(page, message).send()
    message.mailed_at = timezone.now()
    message.save(update_fields=["mailed_at"])
    logger.info("contact.mailed", extra={"contact_message": message.pk})


def delete_old_messages() -> int:
    """Delete what is older than its page says; give how many."""
    kept = ExpressionWrapper(
        F("page__contactpage__keep_days") * Value(timedelta(days=1)), output_field=DurationField()
    )
    count, _by_model = ContactMessage.objects.filter(submit_time__lt=Now() - kept).delete()
    return count


def _mail(page: ContactPage, message: ContactMessage) -> EmailMessage:
    """Plain text. A stranger's words reach two headers: the subject, on one line, and a checked reply address."""
    fields = list(page.form_fields.all())
    answers = {field.role: message.form_data.get(field.clean_name) for field in fields}
    paragraphs = [
        f"{field.label}\n{_in_words(message.form_data[field.clean_name])}"
        for field in fields
        if field.clean_name in message.form_data
    ]
    submissions = absolute(reverse("wagtailforms:list_submissions", args=[page.pk]))
    paragraphs.append("-- \n" + _("Sent with the form “%s”.") % page.title + f"\n{submissions}")
    reply_address = answers.get(Role.REPLY_ADDRESS)
    return EmailMessage(
        subject=on_one_line(
            f"{page.title}: {answers.get(Role.SUBJECT) or message.pk}", longest=MAX_SUBJECT
        ),
        body="\n\n".join(paragraphs),
        to=page.recipient_list,
        reply_to=[reply_address] if reply_address else None,
    )


def _in_words(answer: Any) -> str:
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    if isinstance(answer, list):
        return ", ".join(answer)
    return str(answer)
