"""The teams of the regions."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from record.choices import Region


class RegionTeam(models.Model):
    """A group whose members edit and publish the countries of one region only."""

    group = models.ForeignKey(
        Group, verbose_name=_("group"), on_delete=models.CASCADE, related_name="region_teams"
    )
    region = models.CharField(_("region"), max_length=32, choices=Region)

    class Meta:
        verbose_name = _("team of a region")
        verbose_name_plural = _("teams of regions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=("group", "region"), name="unique_region_team"),
            models.CheckConstraint(
                condition=Q(region__in=Region.values), name="region_team_has_region"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_region_display()}"
