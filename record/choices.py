"""The vocabulary of the record."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Region(TextChoices):
    """The five regions of the Coalition's work. The value is the address of the region's page."""

    AFRICA = "africa", _("Africa")
    AMERICAS = "americas", _("Americas")
    ASIA_PACIFIC = "asia-pacific", _("Asia & the Pacific")
    EUROPE = "europe", _("Europe")
    MIDDLE_EAST_NORTH_AFRICA = "middle-east-north-africa", _("Middle East & North Africa")


class UNGroup(TextChoices):
    """The regional groups of the United Nations, which also matter in elections at the Court."""

    AFRICAN = "African", _("African States")
    ASIA_PACIFIC = "Asia-Pacific", _("Asia-Pacific States")
    EASTERN_EUROPEAN = "Eastern European", _("Eastern European States")
    GRULAC = "GRULAC", _("Latin American and Caribbean States")
    WEOG = "WEOG", _("Western European and other States")


class Treaty(TextChoices):
    """The treaties of the Rome Statute system. `treaties.py` has their dates and rules."""

    ROME_STATUTE = "rome-statute", _("Rome Statute")
    APIC = "apic", _("Agreement on the Privileges and Immunities of the Court")
    ART8_2010 = "art8-2010", _("Amendment on certain weapons in conflicts within a state (2010)")
    AGGRESSION_2010 = "aggression-2010", _("Amendments on the crime of aggression (2010)")
    ART124_2015 = "art124-2015", _("Amendment to article 124 (2015)")
    ART8_2017_BIOLOGICAL = "art8-2017-biological", _("Amendment on biological weapons (2017)")
    ART8_2017_UNDETECTABLE = (
        "art8-2017-undetectable",
        _("Amendment on fragments that X-rays do not detect (2017)"),
    )
    ART8_2017_LASERS = "art8-2017-lasers", _("Amendment on blinding laser weapons (2017)")
    ART8_2019_STARVATION = "art8-2019-starvation", _("Amendment on starvation of civilians (2019)")
    LJUBLJANA_THE_HAGUE_2023 = "ljubljana-the-hague-2023", _("Ljubljana-The Hague Convention")


class Action(TextChoices):
    """An act of a state under a treaty, by an instrument or a notice deposited with the depositary."""

    SIGNATURE = "signature", _("Signature")
    RATIFICATION = "ratification", _("Ratification")
    ACCESSION = "accession", _("Accession")
    ACCEPTANCE = "acceptance", _("Acceptance")
    APPROVAL = "approval", _("Approval")
    SUCCESSION = "succession", _("Succession")
    CONSENT = "consent", _("Consent to be bound (kind of instrument not known)")
    INSTRUMENT_WITHDRAWN = "instrument_withdrawn", _("Instrument withdrawn")
    WITHDRAWAL_NOTICE = "withdrawal_notice", _("Notice of withdrawal")
    WITHDRAWAL_NOTICE_REVOKED = "withdrawal_notice_revoked", _("Withdrawal notice revoked")
    DECLARATION = "declaration", _("Declaration not to become a party")


# A state becomes a party by one of these. Vienna Convention on the Law of Treaties, art. 2(1)(b), 11 and 14 to 16.
CONSENTS = (
    Action.RATIFICATION,
    Action.ACCESSION,
    Action.ACCEPTANCE,
    Action.APPROVAL,
    Action.SUCCESSION,
    Action.CONSENT,
)


class Status(TextChoices):
    """The status of a state under a treaty on a day."""

    STATE_PARTY = "state_party", _("State Party")
    SIGNATORY = "signatory", _("Signatory")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NON_PARTY = "non_party", _("Not a party")


class Certainty(TextChoices):
    """Whether the secretariat has confirmed a fact. Shown to the public."""

    CONFIRMED = "confirmed", _("Confirmed")
    TO_BE_VERIFIED = "to_be_verified", _("To be verified")


class LawKind(TextChoices):
    """The purpose of an implementing law."""

    COMPLEMENTARITY = "complementarity", _("Complementarity")
    COOPERATION = "cooperation", _("Cooperation")


class LawStage(TextChoices):
    """The stages of a law, from the first to the last."""

    NONE = "none", _("No law")
    DRAFTING = "drafting", _("Being drafted")
    BEFORE_PARLIAMENT = "before_parliament", _("Before parliament")
    ENACTED = "enacted", _("Enacted")
    AMENDED = "amended", _("Enacted and amended")


class LawCoverage(TextChoices):
    """The extent to which a law covers its subject."""

    UNKNOWN = "unknown", _("Not known")
    PARTIAL = "partial", _("In part")
    FULL = "full", _("In full")


class GenderProvisions(TextChoices):
    """Whether a law covers sexual and gender-based crimes as the Statute does."""

    UNKNOWN = "unknown", _("Not known")
    NONE = "none", _("None")
    PARTIAL = "partial", _("Some")
    FULL = "full", _("As in the Statute")


class ChangeKind(TextChoices):
    """The kinds of change to an entry of the record."""

    ADDED = "added", _("Added")
    UPDATED = "updated", _("Updated")
    VERIFIED = "verified", _("Verified")
    CORRECTED = "corrected", _("Corrected")
    REMOVED = "removed", _("Removed")


class Cause(TextChoices):
    """The origin of a change."""

    EDIT = "edit", _("Edited by staff")
    IMPORT = "import", _("Imported")
