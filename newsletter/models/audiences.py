"""Fields by which staff say whom something is for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.choices import Topic
from news.fields import ChoicesField
from record.choices import Region


class AudienceFields(models.Model):
    """Languages, regions and topics, any number of each; none leaves nobody out."""

    languages = ChoicesField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_("Leave empty for all."),
    )
    regions = ChoicesField(
        models.CharField(max_length=40, choices=Region),
        verbose_name=_("regions"),
        default=list,
        blank=True,
        help_text=_(
            "Subscribers who chose one of these regions, or all. Leave empty for everybody."
        ),
    )
    topics = ChoicesField(
        models.CharField(max_length=40, choices=Topic),
        verbose_name=_("topics"),
        default=list,
        blank=True,
        help_text=_(
            "Subscribers who chose one of these topics, or all. Leave empty for everybody."
        ),
    )

    class Meta:
        abstract = True
