"""Checks of an issue before it is sent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from newsletter.mailings import checks, link_checks
from newsletter.mailings.checks import Check, Checklist, Severity
from newsletter.mailings.link_checks import LinkAnswer
from newsletter.models import IssuePage, Subscriber
from tests.newsletter.factories import SubscriberFactory

LINK = "https://site.example/page"


def check(issue: IssuePage, name: str) -> Check:
    fresh = IssuePage.objects.get(pk=issue.pk)
    return next(check for check in Checklist(fresh).checks if str(check.name) == name)


def know(url: str, status: int) -> None:
    cache.set(link_checks._key(url), (status, ""), 60)


def answer_all(issue: IssuePage) -> None:
    for url in Checklist(issue).links:
        know(url, 200)


@pytest.mark.usefixtures("readers")
def test_a_finished_issue_passes(issue: IssuePage) -> None:
    Subscriber.objects.exclude(language="en").delete()
    answer_all(issue)
    checklist = Checklist(issue)
    assert [str(check.name) for check in checklist.checks] == [
        "Approval",
        "Subject",
        "Preheader",
        "Recipients",
        "Languages",
        "Links",
        "Alternative texts",
        "Size",
        "Plain text",
        "Unsubscribe link",
    ]
    assert checklist.blockers == []
    assert checklist.warnings == []


@pytest.mark.usefixtures("readers")
def test_recipients_are_counted_by_language(issue: IssuePage, french: IssuePage) -> None:
    found = check(issue, "Recipients")
    assert found.found == "5 subscribers"
    assert sorted(found.details) == ["English: 3", "French: 2"]


def test_an_empty_audience_is_a_blocker(issue: IssuePage) -> None:
    assert check(issue, "Recipients").severity == Severity.BLOCKER


@pytest.mark.usefixtures("readers")
def test_a_draft_in_any_language_is_a_blocker(issue: IssuePage, french: IssuePage) -> None:
    assert check(issue, "Approval").severity == Severity.PASSED
    french.title = "Changé"
    french.save_revision()
    found = check(issue, "Approval")
    assert (found.severity, found.details) == (Severity.BLOCKER, ["French"])


@pytest.mark.usefixtures("readers")
def test_subscribers_who_receive_nothing_are_counted_with_a_warning(issue: IssuePage) -> None:
    found = check(issue, "Languages")
    assert (found.severity, found.details) == (Severity.WARNING, ["French: 2 receive nothing"])
    assert "2 subscribers get nothing" in found.found
    assert "Everybody" not in found.found


@pytest.mark.usefixtures("readers")
def test_subscribers_of_languages_not_chosen_are_counted_without_a_warning(
    issue: IssuePage,
) -> None:
    issue.languages = ["en"]
    issue.save_revision().publish()
    found = check(issue, "Languages")
    assert (found.severity, found.details) == (Severity.PASSED, ["French: 2 receive nothing"])
    assert "Every recipient receives it" in found.found
    assert "languages were not chosen" in found.found


@pytest.mark.usefixtures("readers")
def test_without_anybody_left_out_there_is_no_warning(issue: IssuePage, french: IssuePage) -> None:
    french.save_revision().publish()
    assert Checklist(IssuePage.objects.get(pk=issue.pk)).left_out == {}


@pytest.mark.usefixtures("readers")
def test_readers_without_a_translation_cause_a_warning(issue: IssuePage) -> None:
    issue.languages = ["en", "fr"]
    issue.save_revision().publish()
    found = check(issue, "Languages")
    assert (found.severity, found.details) == (Severity.WARNING, ["French: 2"])


@pytest.mark.usefixtures("readers")
def test_an_untranslated_copy_is_no_translation(
    issue: IssuePage, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """It was published from the editor of translations, with no text translated yet."""
    french = Locale.objects.get(language_code="fr")
    translate_object(issue, [french])
    translation = Translation.objects.get(
        source__object_id=issue.translation_key, target_locale=french
    )
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(publish=True)
    assert issue.get_translation(french).live
    found = check(issue, "Languages")
    assert (found.severity, found.details) == (Severity.WARNING, ["French: 2"])
    (edition,) = (edition for edition in Checklist(issue).editions if edition.language == "fr")
    assert edition.page == issue

    segment = StringSegment.objects.get(source=translation.source, context__path="title")
    StringTranslation.objects.create(
        translation_of=segment.string,
        locale=french,
        context=segment.context,
        data="Nouvelles de la justice",
        translation_type="manual",
    )
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(publish=True)
    found = check(issue, "Languages")
    assert (found.severity, found.details) == (Severity.WARNING, ["French: 2 of 3"])


def test_a_missing_preheader_is_a_warning(issue: IssuePage) -> None:
    IssuePage.objects.update(preheader="")
    assert check(issue, "Preheader").severity == Severity.WARNING


def test_a_long_subject_is_a_warning(issue: IssuePage) -> None:
    IssuePage.objects.update(subject="Long " * 20)
    assert check(issue, "Subject").severity == Severity.WARNING


def write(issue: IssuePage, text: str) -> None:
    issue.body = [("text", f"<p>{text}</p>")]
    issue.save_revision().publish()


def test_an_issue_that_gmail_clips_is_a_warning(issue: IssuePage) -> None:
    write(issue, "Words. " * 15_000)
    found = check(issue, "Size")
    assert found.severity == Severity.WARNING
    assert "102 KB" in found.found
    assert len(found.details) == 1


def test_an_issue_that_providers_refuse_is_a_blocker(
    issue: IssuePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(issue, "Words. " * 15_000)
    monkeypatch.setattr(checks, "MOST_BYTES_OF_A_PART", 100_000)
    assert check(issue, "Size").severity == Severity.BLOCKER


@pytest.mark.usefixtures("readers")
def test_an_arabic_issue_of_2000_words_passes(issue: IssuePage) -> None:
    """Quoted-printable takes six bytes for an Arabic letter, but Gmail clips by the decoded size."""
    write(issue, "العدالة الدولية للضحايا " * 700)
    found = check(issue, "Size")
    assert found.severity == Severity.PASSED


def test_links_are_reported_by_their_answers(issue: IssuePage) -> None:
    assert LINK in Checklist(issue).links
    assert check(issue, "Links").severity == Severity.WAITING
    answer_all(issue)
    assert check(issue, "Links").severity == Severity.PASSED
    know(LINK, 404)
    found = check(issue, "Links")
    assert (found.severity, found.details) == (Severity.WARNING, [f"{LINK}: 404"])


def test_personal_links_are_not_checked(issue: IssuePage) -> None:
    assert not [url for url in Checklist(issue).links if "%%" in url]


@pytest.mark.parametrize(
    ("status", "works"), [(200, True), (304, True), (403, True), (404, False), (500, False)]
)
def test_statuses_that_refuse_programs_count_as_working(status: int, works: bool) -> None:
    assert LinkAnswer(LINK, status).works == works


def test_checks_take_no_more_queries_for_more_subscribers(issue: IssuePage) -> None:
    counts = []
    assert Checklist(issue).checks  # Content types and site roots are queried once.
    for _ in range(2):
        SubscriberFactory.create_batch(10, confirmed=True)
        fresh = IssuePage.objects.get(pk=issue.pk)
        with CaptureQueriesContext(connection) as queries:
            assert Checklist(fresh).checks
        counts.append(len(queries))
    assert counts[0] == counts[1]
