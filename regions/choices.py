"""The vocabulary of the pages of regions."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class KeyFactKind(TextChoices):
    """The subject of a key fact."""

    ICC_MEMBER_STATES = "icc_member_states", _("ICC member states")
    COALITION_MEMBERS = "coalition_members", _("Coalition members")
    NATIONAL_COALITIONS = "national_coalitions", _("National coalitions")
    OTHER = "other", _("Other")
