"""What an issue is made of. Each block has three templates: web page, HTML mail and plain text."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock

from coalition_site.core.blocks import LinkBlock

# What every program of mail shows.
FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]
INLINE_FEATURES = ["bold", "italic", "link"]


class LeadBlock(blocks.StructBlock):
    """What the issue begins with."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=150)
    image = ImageBlock(label=_("Image"), required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE_FEATURES)
    link = LinkBlock(label=_("Link"), required=False)

    class Meta:
        icon = "h2"
        label = _("Lead")
        description = _(
            "What the issue begins with: a heading, a few sentences, perhaps a picture."
        )
        template = "newsletter/blocks/lead.html"


class ArticlesBlock(blocks.StructBlock):
    """Articles of the site with their summaries, in each reader's language where they are translated."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=150)
    articles = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="news.ArticlePage"), label=_("Articles"), min_num=1
    )

    class Meta:
        icon = "doc-full"
        label = _("Articles")
        description = _("Articles of the site: title, summary and link come by themselves.")
        template = "newsletter/blocks/articles.html"


class ChangesBlock(blocks.StructBlock):
    """What changed in the tracker since the last issue."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=150)
    since = blocks.DateBlock(
        label=_("After"),
        required=False,
        help_text=_("Changes after this day. Empty: after the day of the issue before."),
    )
    until = blocks.DateBlock(
        label=_("Until"),
        required=False,
        help_text=_("Changes until this day. Empty: until the day of this issue."),
    )

    class Meta:
        icon = "history"
        label = _("Changes in the tracker")
        description = _("What changed in the record since the last issue. The site fills it in.")
        template = "newsletter/blocks/changes.html"

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        since, until = result.get("since"), result.get("until")
        if since and until and until <= since:
            error = ValidationError(_("This is not after the first day."))
            raise StructBlockValidationError({"until": error})
        return result


class EventBlock(blocks.StructBlock):
    """Something that takes place."""

    title = blocks.CharBlock(label=_("Title"), max_length=150)
    begins = blocks.DateBlock(label=_("First day"))
    ends = blocks.DateBlock(label=_("Last day"), required=False)
    place = blocks.CharBlock(label=_("Place"), max_length=150, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE_FEATURES, required=False)
    link = LinkBlock(label=_("Link"), required=False)

    class Meta:
        icon = "date"
        label = _("Event")
        description = _("Something that takes place, with its days and place.")
        template = "newsletter/blocks/event.html"

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if result.get("ends") and result["ends"] < result["begins"]:
            error = ValidationError(_("This is before the first day."))
            raise StructBlockValidationError({"ends": error})
        return result


class ActionBlock(blocks.StructBlock):
    """What the reader can do."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE_FEATURES, required=False)
    link = LinkBlock(label=_("Link"))

    class Meta:
        icon = "pick"
        label = _("Call to action")
        description = _("One thing that the reader can do, with its link.")
        template = "newsletter/blocks/action.html"


class IssueBlock(blocks.StreamBlock):
    """The body of an issue: only what every program of mail can show."""

    lead = LeadBlock()
    articles = ArticlesBlock()
    changes = ChangesBlock()
    event = EventBlock()
    action = ActionBlock()
    text = blocks.RichTextBlock(
        features=FEATURES,
        icon="pilcrow",
        label=_("Text"),
        description=_("Paragraphs, lists and links."),
        template="newsletter/blocks/text.html",
    )
