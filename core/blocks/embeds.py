"""Videos of other sites, which load nothing before a visitor clicks."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

# Each pattern captures the id of the video. The players are those of the providers without tracking cookies.
PLAYERS = (
    (
        re.compile(
            r"^https://(?:www\.)?(?:youtube\.com/watch\?v=|youtu\.be/)([\w-]{11})(?:[&?].*)?$"
        ),
        "https://www.youtube-nocookie.com/embed/{}?autoplay=1",
        "YouTube",
    ),
    (
        re.compile(r"^https://(?:www\.)?vimeo\.com/(\d+)$"),
        "https://player.vimeo.com/video/{}?autoplay=1&dnt=1",
        "Vimeo",
    ),
)


class EmbedValue(blocks.StructValue):
    """The page of a video, with its player and provider."""

    def _match(self) -> tuple[str, str] | None:
        for pattern, player, provider in PLAYERS:
            if match := pattern.match(self.get("url") or ""):
                return player.format(match[1]), provider
        return None

    @property
    def player(self) -> str:
        match = self._match()
        return match[0] if match else ""

    @property
    def provider(self) -> str:
        match = self._match()
        return match[1] if match else ""


class EmbedBlock(blocks.StructBlock):
    """A video of YouTube or Vimeo, by the address of its page."""

    url = blocks.URLBlock(label=_("Video address"), help_text=_("On YouTube or Vimeo."))
    title = blocks.CharBlock(label=_("Title"), max_length=150)
    caption = blocks.CharBlock(label=_("Caption"), max_length=300, required=False)

    class Meta:
        icon = "media"
        label = _("Video")
        group = _("Media")
        description = _("A video on YouTube or Vimeo. Nothing is loaded from there before a click.")
        template = "core/blocks/embed.html"
        value_class = EmbedValue
        preview_value = {
            "url": "https://www.youtube.com/watch?v=aaaaaaaaaaa",
            "title": _("A video"),
            "caption": _("Nothing is loaded before a click."),
        }

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if not result.player:
            error = ValidationError(_("Enter the address of a video on YouTube or Vimeo."))
            raise StructBlockValidationError({"url": error})
        return result
