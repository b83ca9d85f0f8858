"""Freezes yearly reports, adds errata and orders PDFs: one function a use case, one transaction each."""

import logging
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.days import today
from core.jobs import defer_once
from record.models.trail import lock_record
from tracker.models import Erratum, FrozenRecord, YearlyReport

from .snapshot import take_snapshot

if TYPE_CHECKING:
    from core.models import User

from django.conf import settings
from wagtail.models import Page, Site

from tracker.models import ReportFile

logger = logging.getLogger(__name__)

# By name, because the task itself is above the services.
MAKE_PDF = "tracker.make_report_pdf"


class AlreadyFrozenError(Exception):
    """The report is frozen already, perhaps just now by another user."""


@transaction.atomic
def freeze(*, report_id: int, user: "User | None" = None, note: str = "") -> YearlyReport:
    """Freeze the latest draft of a report together with the record of its day, and publish it.

    The first report of a year freezes the record; those in other languages share that frozen record and its day.
    Raises `AlreadyFrozenError`, and ValidationError if the draft is not valid.
    """
    # The record must not change while it is read, and the second of two reports of a year must find what is frozen.
    lock_record()
    stored = YearlyReport.objects.select_for_update(of=("self",)).get(pk=report_id)
    if stored.frozen_id:
        raise AlreadyFrozenError
    report = stored.get_latest_revision_as_object()
    frozen = FrozenRecord.objects.filter(year=report.year).first()
    if frozen:
        report.day = frozen.day
    report.full_clean()
    if report.day > today():
        raise ValidationError({"day": _("The date is in the future.")})
    report.frozen = frozen or FrozenRecord.objects.create(
        year=report.year,
        day=report.day,
        data=take_snapshot(year=report.year, day=report.day),
        frozen_by=user,
        note=note,
    )
    report.save_revision(user=user, changed=False).publish(
        user=user,
        skip_permission_checks=True,  # The permission to freeze includes that to publish.
    )
    order_files(report)
    logger.info(
        "report.frozen", extra={"report": report.pk, "year": report.year, "user": _pk(user)}
    )
    return YearlyReport.objects.get(pk=report.pk)


@transaction.atomic
def add_erratum(*, erratum: Erratum, user: "User | None" = None) -> Erratum:
    """Publish a correction of a frozen report, and order new PDFs that include it."""
    erratum.added_by = user
    erratum.save(force_insert=True)
    for report in YearlyReport.objects.public().filter(frozen=erratum.record_id):
        order_files(report)
    logger.info("report.erratum_added", extra={"erratum": erratum.pk, "user": _pk(user)})
    return erratum


def order_files(report: YearlyReport) -> None:
    """Defer jobs that make the PDF in each language of the site."""
    for language in languages_of_site():
        order_file(report, language)


def order_file(report: YearlyReport, language: str) -> None:
    """Defer a job that makes the PDF, unless one is waiting already."""
    name = f"{MAKE_PDF} {report.pk} {language}"
    defer_once(MAKE_PDF, lock=name, key=name, report_id=report.pk, language=language)


def _pk(user: "User | None") -> int | None:
    return user.pk if user else None


def languages_of_site() -> list[str]:
    """Return the codes of English and the languages with a published front page."""
    site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
    if site is None:
        return [settings.LANGUAGE_CODE]
    homes = Page.objects.filter(translation_key=site.root_page.translation_key).live()
    codes = {settings.LANGUAGE_CODE, *homes.values_list("locale__language_code", flat=True)}
    return [code for code, _name in settings.LANGUAGES if code in codes]


def current_file(report: YearlyReport, language: str) -> ReportFile | None:
    """Return the PDF with all errata, or None if it is not made yet. `report` must come from `with_errata`."""
    return report.files.filter(language=language, errata=report.errata_count).first()
