"""Choices of the campaigns."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Topic(TextChoices):
    """The topics of the nine campaigns. The value is the slug of the campaign's page."""

    STATE_COOPERATION = "state-cooperation", _("State cooperation")
    ASSEMBLY = "assembly-of-states-parties", _("Assembly of States Parties")
    BUDGET = "icc-budget", _("A sufficient ICC budget")
    ELECTIONS = "elections", _("Electing the best ICC and ASP leaders")
    INTERNATIONAL_ORGANISATIONS = "international-organisations", _("International organisations")
    REGIONAL_ORGANISATIONS = "regional-organisations", _("Regional organisations")
    MAJOR_POWERS = "major-powers", _("The major powers")
    RATIFICATION = "ratification-and-implementation", _("Ratification and implementation")
    GENDER_JUSTICE = "gender-justice", _("Gender justice")
