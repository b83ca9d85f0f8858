"""Checks of an issue before it is sent."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Self

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from newsletter.delivery.messages import compose
from newsletter.issues.rendering import Edition, editions_of
from newsletter.mail_content import MailContent, Slot, fill
from newsletter.models import IssuePage, Subscriber
from newsletter.tokens import longest_links

from .link_checks import known_answers

# Gmail clips the HTML of a mail at about 102 KB, including the link to unsubscribe. It documents no limit; findings are
# collected at https://github.com/hteumeuleu/email-bugs/issues/41.
CUT_BYTES = 102 * 1024
# The lowest limit of the mail providers is Postmark's, which refuses a mail of more than 10 MB, or a part of more than
# 5 MB. https://postmarkapp.com/support/article/1056-what-are-the-attachment-and-email-size-limits
MOST_BYTES = 10_000_000
MOST_BYTES_OF_A_PART = 5_000_000
LONGEST_SUBJECT = 78  # RFC 5322, section 2.1.1: a line of a header.


@dataclass(frozen=True)
class _Size:
    """Bytes of an edition: each part with the longest links, and the whole encoded mail."""

    html: int
    text: int
    mail: int

    @classmethod
    def of(cls, content: MailContent) -> Self:
        links = longest_links()
        html, text = (len(fill(part, links).encode()) for part in (content.html, content.text))
        return cls(html, text, compose(content).size)

    @property
    def is_cut(self) -> bool:
        return self.html >= CUT_BYTES

    @property
    def is_refused(self) -> bool:
        return self.mail >= MOST_BYTES or max(self.html, self.text) >= MOST_BYTES_OF_A_PART

    def __str__(self) -> str:
        return f"{self.html / 1024:.0f} KB"


class Severity(StrEnum):
    """`BLOCKER` prevents sending. Staff must accept a `WARNING`, and `WAITING`, which has no result yet."""

    PASSED = "passed"
    WARNING = "warning"
    WAITING = "waiting"
    BLOCKER = "blocker"


@dataclass(frozen=True)
class Check:
    """The result of one check, with the places of problems as details."""

    name: str | Promise
    found: str
    severity: Severity = Severity.PASSED
    details: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True)
class Checklist:
    """All checks of an issue, with its current content and audience."""

    page: IssuePage

    @cached_property
    def recipients(self) -> dict[str, int]:
        """Count recipients by language."""
        return self.page.recipients().count_by_language()

    @cached_property
    def editions(self) -> list[Edition]:
        """Return the edition of each language; for an issue without recipients that of its own language."""
        recipients = self.recipients or {self.page.locale.language_code: 0}
        return editions_of(self.page, recipients)

    @cached_property
    def links(self) -> list[str]:
        """Return every URL that the mails link to, except personal links."""
        found: dict[str, None] = {}
        for edition in self.editions:
            for anchor in edition.document.find_all("a", href=True):
                href = str(anchor["href"])
                if not any(slot in href for slot in Slot):
                    found.setdefault(href)
        return list(found)

    @cached_property
    def checks(self) -> list[Check]:
        return [
            self._approval(),
            self._subject(),
            self._preheader(),
            self._recipients(),
            self._languages(),
            self._links(),
            self._alternative_texts(),
            self._size(),
            self._plain_text(),
            self._unsubscribe(),
        ]

    @property
    def blockers(self) -> list[Check]:
        return [check for check in self.checks if check.severity == Severity.BLOCKER]

    @property
    def warnings(self) -> list[Check]:
        """Return the checks whose result staff must accept."""
        return [
            check for check in self.checks if check.severity in {Severity.WARNING, Severity.WAITING}
        ]

    def _approval(self) -> Check:
        """Check that all pages are published without later changes: publication is the approval, also by a workflow."""
        pages = {edition.page.pk: edition.page for edition in self.editions}
        open_pages = [_language_of(page) for page in pages.values() if not _is_approved(page)]
        if open_pages:
            found = _("Not published, or changed since. Publish it or submit it for approval.")
            return Check(_("Approval"), found, Severity.BLOCKER, open_pages)
        return Check(_("Approval"), _("Published, with no changes since."))

    def _subject(self) -> Check:
        long = [
            _language_of(edition.page)
            for edition in self.editions
            if len(edition.mail.subject) > LONGEST_SUBJECT
        ]
        if long:
            found = _("Longer than %(number)d characters: it will be cut off.") % {
                "number": LONGEST_SUBJECT
            }
            return Check(_("Subject"), found, Severity.WARNING, long)
        return Check(_("Subject"), self.page.mail_subject)

    def _preheader(self) -> Check:
        without = [
            _language_of(edition.page) for edition in self.editions if not edition.page.preheader
        ]
        if without:
            found = _("None: inboxes will show the first words of the issue.")
            return Check(_("Preheader"), found, Severity.WARNING, without)
        return Check(_("Preheader"), self.page.preheader)

    def _recipients(self) -> Check:
        total = sum(self.recipients.values())
        if not total:
            found = _("Nobody would receive it. Check the audience.")
            return Check(_("Recipients"), found, Severity.BLOCKER)
        found = ngettext("%(number)d subscriber", "%(number)d subscribers", total)
        by_language = [
            f"{_name_of(language)}: {number}" for language, number in self.recipients.items()
        ]
        return Check(_("Recipients"), found % {"number": total}, details=by_language)

    @cached_property
    def left_out(self) -> dict[str, int]:
        """Count by language the subscribers who receive nothing only because of their language."""
        audience = replace(self.page.audience, languages=[])
        everybody = Subscriber.objects.confirmed().in_audience(audience).count_by_language()
        return {code: number for code, number in everybody.items() if code not in self.recipients}

    def _languages(self) -> Check:
        details: list[str] = []
        found = [
            *self._foreign(details),
            *self._partial(details),
            *self._left_out(details),
        ]
        # Staff who choose languages intend to leave out the others.
        is_intended = bool(self.page.languages) and len(found) == bool(self.left_out)
        if is_intended or not found:
            found.insert(0, _("Every recipient receives it in their own language."))
            return Check(_("Languages"), " ".join(found), Severity.PASSED, details)
        return Check(_("Languages"), " ".join(found), Severity.WARNING, details)

    def _foreign(self, details: list[str]) -> list[str]:
        foreign = [edition for edition in self.editions if not edition.is_translated]
        if not foreign:
            return []
        details += [f"{_name_of(edition.language)}: {edition.recipients}" for edition in foreign]
        return [_("These readers receive the original: there is no published translation.")]

    def _partial(self, details: list[str]) -> list[str]:
        partial = [
            edition
            for edition in self.editions
            if edition.is_translated and edition.progress.missing
        ]
        if not partial:
            return []
        details += [
            _("%(language)s: %(missing)d of %(texts)d")
            % {
                "language": _name_of(edition.language),
                "missing": edition.progress.missing,
                "texts": edition.progress.texts,
            }
            for edition in partial
        ]
        return [
            _("Some texts are not translated: these readers receive them in the original language.")
        ]

    def _left_out(self, details: list[str]) -> list[str]:
        if not self.left_out:
            return []
        number = sum(self.left_out.values())
        details += [
            _("%(language)s: %(number)d receive nothing")
            % {"language": _name_of(language), "number": number_of_language}
            for language, number_of_language in self.left_out.items()
        ]
        if self.page.languages:
            message = ngettext(
                "%(number)d subscriber gets nothing, as their language was not chosen.",
                "%(number)d subscribers get nothing, as their languages were not chosen.",
                number,
            )
        else:
            message = ngettext(
                "%(number)d subscriber gets nothing, as there is no translation into their language. "
                "Publish one, or choose the language, and they get the original.",
                "%(number)d subscribers get nothing, as there is no translation into their languages. "
                "Publish them, or choose the languages, and they get the original.",
                number,
            )
        return [message % {"number": number}]

    def _links(self) -> Check:
        answers = known_answers(self.links)
        broken = [str(answer) for answer in answers.values() if not answer.works]
        unknown = len(self.links) - len(answers)
        if broken:
            return Check(_("Links"), _("These do not respond."), Severity.WARNING, broken)
        if unknown:
            found = ngettext(
                "%(number)d link is being checked.", "%(number)d links are being checked.", unknown
            )
            return Check(_("Links"), found % {"number": unknown}, Severity.WAITING)
        found = ngettext("%(number)d link responds.", "%(number)d links respond.", len(answers))
        return Check(_("Links"), found % {"number": len(answers)})

    def _alternative_texts(self) -> Check:
        images = [image for edition in self.editions for image in edition.document.find_all("img")]
        without = [str(image.get("src")) for image in images if not image.has_attr("alt")]
        if without:
            found = _("These pictures have none.")
            return Check(_("Alternative texts"), found, Severity.BLOCKER, without)
        found = _("Every picture has one.") if images else _("There is no picture.")
        return Check(_("Alternative texts"), found)

    def _size(self) -> Check:
        """Check the size of the decoded HTML, which Gmail clips, and of the encoded mail, which providers limit."""
        sizes = [(edition.language, _Size.of(edition.mail)) for edition in self.editions]
        refused = [f"{_name_of(language)}: {size}" for language, size in sizes if size.is_refused]
        if refused:
            found = _(
                "Mail providers refuse messages larger than 10 MB, or with more than 5 MB of text. Shorten it."
            )
            return Check(_("Size"), found, Severity.BLOCKER, refused)
        cut = [f"{_name_of(language)}: {size}" for language, size in sizes if size.is_cut]
        if cut:
            found = _("Gmail clips messages larger than 102 KB, including the link to unsubscribe.")
            return Check(_("Size"), found, Severity.WARNING, cut)
        return Check(
            _("Size"), str(max((size for _language, size in sizes), key=attrgetter("html")))
        )

    def _plain_text(self) -> Check:
        without = _lacking(self.editions, lambda edition: edition.mail.text.strip())
        if without:
            return Check(_("Plain text"), _("It is empty."), Severity.BLOCKER, without)
        return Check(_("Plain text"), _("Made from the same blocks."))

    def _unsubscribe(self) -> Check:
        without = _lacking(
            self.editions,
            lambda edition: (
                Slot.UNSUBSCRIBE in edition.mail.html and Slot.UNSUBSCRIBE in edition.mail.text
            ),
        )
        if without:
            found = _("A message without a link to unsubscribe cannot be sent.")
            return Check(_("Unsubscribe link"), found, Severity.BLOCKER, without)
        return Check(_("Unsubscribe link"), _("In both parts of every message."))


def _lacking(editions: Iterable[Edition], has: Callable[[Edition], object]) -> list[str]:
    return [_name_of(edition.language) for edition in editions if not has(edition)]


def _is_approved(page: Page) -> bool:
    return bool(page.live and not page.has_unpublished_changes and not page.expired)


def _language_of(page: Page) -> str:
    return _name_of(page.locale.language_code)


def _name_of(language: str) -> str:
    return str(dict(settings.LANGUAGES)[language])
