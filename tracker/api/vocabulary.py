"""The vocabulary of the record in the OpenAPI: every value with its meaning."""

from collections.abc import Iterable
from typing import Any

from django.db.models import TextChoices
from django.utils.encoding import force_str

from record import choices

VOCABULARIES: tuple[type[TextChoices], ...] = (
    choices.Action,
    choices.Cause,
    choices.Certainty,
    choices.ChangeKind,
    choices.GenderProvisions,
    choices.LawCoverage,
    choices.LawKind,
    choices.LawStage,
    choices.Region,
    choices.Status,
    choices.Treaty,
    choices.UNGroup,
)


def tell_meanings(schemas: dict[str, Any]) -> None:
    """Describe the schema of each vocabulary by its first line and its values."""
    for vocabulary in VOCABULARIES:
        first_line = (vocabulary.__doc__ or "").partition("\n")[0]
        schemas[vocabulary.__name__]["description"] = f"{first_line} {in_words(vocabulary.choices)}"


def in_words(values: Iterable[Any]) -> str:
    """Each value with its words, in Markdown."""
    return "; ".join(f"`{value}`: {force_str(label)}" for value, label in values) + "."
