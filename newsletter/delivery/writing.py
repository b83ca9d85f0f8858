"""Writes the letters of a mailing."""

from django.conf import settings

from newsletter.choices import MailingKind
from newsletter.models import Mailing, MailingContent

from .ledger import Claimed
from .letters import Letter, LetterTemplate, compose
from .links import PersonalLinks


class Writer:
    """Knows the words of a mailing in each language, and writes to whom it is told.

    A language without words of its own gets those of the site's first language, or whichever there are. Raises
    MailingContent.DoesNotExist for a mailing without any.
    """

    def __init__(self, mailing_id: int) -> None:
        self._mailing = Mailing.objects.get(pk=mailing_id)
        self._contents = {content.language: content for content in self._mailing.contents.all()}
        if not self._contents:
            raise MailingContent.DoesNotExist(f"Mailing {mailing_id} has no words.")
        self._prepared: dict[str, tuple[LetterTemplate, PersonalLinks]] = {}

    def letter(self, claimed: Claimed) -> Letter:
        template, links = self._in(claimed.language)
        return template.for_(
            address=claimed.email,
            links=links.of(claimed),
            mailing_id=self._mailing.pk,
            delivery_id=claimed.delivery_id,
        )

    def _in(self, language: str) -> tuple[LetterTemplate, PersonalLinks]:
        if language not in self._prepared:
            content = (
                self._contents.get(language)
                or self._contents.get(settings.LANGUAGE_CODE)
                or next(iter(self._contents.values()))
            )
            kind = MailingKind(self._mailing.kind)
            template = compose(content, kind)
            issue = self._mailing.pk if kind == MailingKind.ISSUE else None
            links = PersonalLinks(template.slots, language=language, issue=issue)
            self._prepared[language] = template, links
        return self._prepared[language]
