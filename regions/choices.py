"""The vocabulary of the regions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Region(TextChoices):
    """The five regions of the Coalition's work. The value is the address of the region's page."""

    AFRICA = "africa", _("Africa")
    AMERICAS = "americas", _("Americas")
    ASIA_PACIFIC = "asia-pacific", _("Asia & the Pacific")
    EUROPE = "europe", _("Europe")
    MIDDLE_EAST_NORTH_AFRICA = "middle-east-north-africa", _("Middle East & North Africa")


class KeyFactKind(TextChoices):
    """What a key fact counts."""

    ICC_MEMBER_STATES = "icc_member_states", _("ICC member states")
    COALITION_MEMBERS = "coalition_members", _("Coalition members")
    NATIONAL_COALITIONS = "national_coalitions", _("National coalitions")
    OTHER = "other", _("Other")
