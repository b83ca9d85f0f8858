"""Choices of the news."""

from django.conf import global_settings
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """The kind of an article."""

    NEWS = "news", _("News")
    VIEW = "civil-society-view", _("Civil society view")
    STATEMENT = "statement", _("Statement")
    BRIEFING = "briefing", _("Briefing")
    PUBLICATION = "publication", _("Publication")


def document_languages() -> list[tuple[str, str]]:
    """Return the languages of documents: all that Django knows, not only those of the site."""
    return [(code, gettext(name)) for code, name in global_settings.LANGUAGES]
