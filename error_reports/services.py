"""Use cases of error reports: one function and one transaction each."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from contact.models import ContactPage
from core.jobs import defer
from core.metadata import absolute
from core.models import User
from record.models import Country
from regions.country_links import country_urls

from .models import ErrorReport

logger = logging.getLogger(__name__)

# By name, because the task imports the services.
MAIL_REPORT = "error_reports.mail_report"
ADDRESS_KEPT = timedelta(days=365)


@transaction.atomic
def receive_report(
    *, country: Country, part: str, message: str, reply_address: str, language: str
) -> ErrorReport:
    """Store the report and queue a job that mails it, in one transaction."""
    report = ErrorReport.objects.create(
        country=country,
        part=part,
        message=message,
        reply_address=reply_address,
        language=language,
    )
    defer(MAIL_REPORT, report_id=report.pk)
    logger.info("error_report.received", extra={"report": report.pk, "country": country.pk})
    return report


@transaction.atomic
def mail_report(*, report_id: int) -> None:
    """Mail a report, once, to the team of its region, or to the secretariat if the team has no address."""
    reports = ErrorReport.objects.select_for_update(of=("self",)).select_related("country")
    report = reports.filter(pk=report_id, mailed_at=None).first()
    if report is None:
        return
    recipients = _team_of(report.country) or _secretariat()
    if not recipients:
        logger.warning("error_report.nobody_to_mail", extra={"report": report.pk})
        return
    with override(settings.LANGUAGE_CODE):
        _mail(report, recipients).send()
    report.mailed_at = timezone.now()
    report.save(update_fields=["mailed_at"])
    logger.info("error_report.mailed", extra={"report": report.pk})


def forget_addresses() -> int:
    """Erase the reply addresses of reports older than a year. Return the number."""
    old = ErrorReport.objects.filter(received_at__lt=timezone.now() - ADDRESS_KEPT)
    return old.exclude(reply_address="").update(reply_address="")


def _team_of(country: Country) -> list[str]:
    members = User.objects.filter(groups__region_teams__region=country.region, is_active=True)
    addresses = members.exclude(email="").order_by("email").values_list("email", flat=True)
    return list(addresses.distinct())


def _secretariat() -> list[str]:
    page = ContactPage.objects.live().filter(locale__language_code=settings.LANGUAGE_CODE).first()
    return page.recipient_list if page else []


def _mail(report: ErrorReport, recipients: list[str]) -> EmailMessage:
    """Return the mail, in plain text. A stranger's input reaches its headers only as the validated address."""
    page = country_urls(settings.LANGUAGE_CODE).get(report.country.iso3, "")
    paragraphs = [
        _("Subject: %(part)s") % {"part": report.get_part_display()},
        report.message,
        "-- \n"
        + _("Reported on the page of %(country)s (language: %(language)s).")
        % {"country": report.country.name, "language": report.language},
        *([absolute(page)] if page else []),
        _("Close the report here once it has been dealt with:")
        + "\n"
        + absolute(reverse("error_reports:edit", args=[report.pk])),
    ]
    return EmailMessage(
        subject=_("Error reported: %(country)s") % {"country": report.country.name},
        body="\n\n".join(paragraphs),
        to=recipients,
        reply_to=[report.reply_address] if report.reply_address else None,
    )
