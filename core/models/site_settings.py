"""Settings of the whole site that staff edit."""

from functools import cached_property
from typing import Self

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Orderable, Site

from core.page_cache.memory import recall


class Network(models.TextChoices):
    BLUESKY = "bluesky", "Bluesky"
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    LINKEDIN = "linkedin", "LinkedIn"
    MASTODON = "mastodon", "Mastodon"
    X = "x", "X"
    YOUTUBE = "youtube", "YouTube"


@register_setting(icon="site")
class SiteSettings(ClusterableModel, BaseSiteSetting):
    """Name, address, social links, and a notice that is shown at the top of every page unless empty."""

    organisation_name = models.CharField(
        _("name of the organisation"),
        max_length=120,
        # Marked, so that the header names the Coalition in the reader's language.
        default=gettext_noop("Coalition for the International Criminal Court"),
    )
    address = models.TextField(_("postal address"), blank=True)
    notice = models.CharField(
        _("notice"),
        max_length=300,
        blank=True,
        help_text=_("Shown at the top of every page, in every language. Empty: no notice."),
    )
    notice_link = models.URLField(_("link of the notice"), blank=True)
    social_image = models.ForeignKey(
        "core.CoalitionImage",
        verbose_name=_("social image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("For pages that have none of their own. At least 1200 × 630 pixels."),
    )

    panels = [
        MultiFieldPanel(
            ["organisation_name", "address", "social_image"], heading=_("Organisation")
        ),
        InlinePanel("social_links", heading=_("Social links"), label=_("Social link")),
        MultiFieldPanel(["notice", "notice_link"], heading=_("Site-wide notice")),
    ]

    select_related = ["social_image"]

    class Meta:
        verbose_name = _("site settings")

    @classmethod
    def for_request(cls, request: HttpRequest) -> Self:
        """Return the settings of the request's site, queried once per request.

        If staff have saved none yet, returns defaults without storing them, so that reading a page never writes.
        """
        known: Self | None = getattr(request, cls.get_cache_attr_name(), None)
        if known is None:
            site = Site.find_for_request(request)
            known = recall(
                ("site_settings", site and site.pk),
                lambda: cls.base_queryset().filter(site=site).first() or cls(site=site),
            )
            setattr(request, cls.get_cache_attr_name(), known)
        return known

    @cached_property
    def links(self) -> list["SocialLink"]:
        """Return the social links in the editors' order, queried once."""
        return list(self.social_links.all()) if self.pk else []


class SocialLink(Orderable):
    """An account of the Coalition on a social network."""

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="social_links")
    network = models.CharField(_("network"), max_length=20, choices=Network)
    url = models.URLField(_("address"))

    panels = [FieldPanel("network"), FieldPanel("url")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=("settings", "network"), name="unique_social_link_network"
            )
        ]

    def __str__(self) -> str:
        return self.get_network_display()
