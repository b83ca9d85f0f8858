"""Use cases of messages from contact forms: one function and one transaction each."""

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

# By name, because the task imports the services.
MAIL_MESSAGE = "contact.mail_message"
MAX_SUBJECT = 120


@transaction.atomic
def receive_message(*, page: ContactPage, answers: dict[str, Any]) -> ContactMessage:
    """Store the message and queue a job that mails it, in one transaction."""
    message = ContactMessage.objects.create(page=page, form_data=answers)
    defer(MAIL_MESSAGE, message_id=message.pk)
    logger.info("contact.received", extra={"contact_message": message.pk, "page": page.pk})
    return message


@transaction.atomic
def mail_message(*, message_id: int) -> None:
    """Mail a message to the recipients of its page, once. Does nothing if it has been mailed or deleted."""
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
    """Delete messages older than `keep_days` of their page. Return the number."""
    kept = ExpressionWrapper(
        F("page__contactpage__keep_days") * Value(timedelta(days=1)), output_field=DurationField()
    )
    count, _by_model = ContactMessage.objects.filter(submit_time__lt=Now() - kept).delete()
    return count


def _mail(page: ContactPage, message: ContactMessage) -> EmailMessage:
    """Return the mail, in plain text.

    A stranger's input reaches two headers: the subject, reduced to one line, and the validated reply address.
    """
    fields = list(page.form_fields.all())
    answers = {field.role: message.form_data.get(field.clean_name) for field in fields}
    paragraphs = [
        f"{field.label}\n{_as_text(message.form_data[field.clean_name])}"
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


def _as_text(answer: Any) -> str:
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    if isinstance(answer, list):
        return ", ".join(answer)
    return str(answer)
