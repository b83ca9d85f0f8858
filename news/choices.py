"""The vocabulary of the news."""

from django.conf import global_settings
from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What an article is."""

    NEWS = "news", _("News")
    VIEW = "civil-society-view", _("Civil society view")
    STATEMENT = "statement", _("Statement")
    BRIEFING = "briefing", _("Briefing")
    PUBLICATION = "publication", _("Publication")


def document_languages() -> list[tuple[str, str]]:
    """In which a document can be: far more than the site itself speaks."""
    return [(code, gettext(name)) for code, name in global_settings.LANGUAGES]
