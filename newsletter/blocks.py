"""Blocks of an issue. Each has three templates: web page, HTML mail and plain text."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock

from core.blocks import LinkBlock
from core.blocks.links import TARGETS
from core.days import today

from .issues.site_content import FIRST_PERIOD, articles_for_reader, changes_between

# Supported by every mail program.
FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]
INLINE_FEATURES = ["bold", "italic", "link"]


class OptionalLinkBlock(LinkBlock):
    """A link with its text, or both empty."""

    text = blocks.CharBlock(label=_("Link text"), max_length=80, required=False)

    def clean(self, value: Any) -> Any:
        if not any(value.get(name) for name in ("text", *TARGETS)):
            return value
        result = super().clean(value)
        if not result.get("text"):
            error = ValidationError(_("Enter the link text."))
            raise StructBlockValidationError({"text": error})
        return result


class LeadBlock(blocks.StructBlock):
    """The opening of an issue."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=150)
    image = ImageBlock(label=_("Image"), required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE_FEATURES)
    link = OptionalLinkBlock(label=_("Link"))

    class Meta:
        icon = "h2"
        label = _("Lead")
        description = _("The opening of the issue: a heading, a few sentences, perhaps a picture.")
        template = "newsletter/blocks/lead.html"


class ArticlesBlock(blocks.StructBlock):
    """Articles of the site with their summaries, in the reader's language if translated."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=150)
    articles = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="news.ArticlePage"), label=_("Articles"), min_num=1
    )

    class Meta:
        icon = "doc-full"
        label = _("Articles")
        description = _(
            "Articles on the site. Title, summary and link are filled in automatically."
        )
        template = "newsletter/blocks/articles.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        """Add `articles`: see `articles_for_reader`."""
        context = super().get_context(value, parent_context=parent_context)
        return {**context, "articles": articles_for_reader(value["articles"])}


class ChangesBlock(blocks.StructBlock):
    """Changes of the record since the last issue."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=150)
    since = blocks.DateBlock(
        label=_("After"),
        required=False,
        help_text=_("Changes after this date. Leave empty for the date of the previous issue."),
    )
    until = blocks.DateBlock(
        label=_("Until"),
        required=False,
        help_text=_("Changes up to this date. Leave empty for the date of this issue."),
    )

    class Meta:
        icon = "history"
        label = _("Changes in the tracker")
        description = _("What changed in the record since the last issue, filled in automatically.")
        template = "newsletter/blocks/changes.html"

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        since, until = result.get("since"), result.get("until")
        if since and until and until <= since:
            error = ValidationError(_("This must be after the first date."))
            raise StructBlockValidationError({"until": error})
        return result

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> Any:
        """Add `changes`: the `RecentChanges` between the dates of the block, or else since the previous issue."""
        context = super().get_context(value, parent_context=parent_context)
        page = context.get("page")
        until = value.get("until") or (page.date if page else today())
        after = value.get("since") or self._day_before(page, until)
        return {**context, "changes": changes_between(after=after, until=until)}

    def _day_before(self, page: Any, until: date) -> date:
        previous = page.previous() if page else None
        # The previous issue includes the changes of its own day.
        return previous.date if previous else until - FIRST_PERIOD


class EventValue(blocks.StructValue):
    """The value of an event, with its formatted days."""

    @property
    def days(self) -> str:
        """Return the days as text, such as "3 December 2026 – 12 December 2026", or the only day."""
        begins, ends = self.get("begins"), self.get("ends")
        days = [begins, ends] if ends and ends != begins else [begins]
        return " – ".join(date_format(day) for day in days if day)


class EventBlock(blocks.StructBlock):
    """An event, with its days and place."""

    title = blocks.CharBlock(label=_("Title"), max_length=150)
    begins = blocks.DateBlock(label=_("First date"))
    ends = blocks.DateBlock(label=_("Last date"), required=False)
    place = blocks.CharBlock(label=_("Place"), max_length=150, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE_FEATURES, required=False)
    link = OptionalLinkBlock(label=_("Link"))

    class Meta:
        icon = "date"
        label = _("Event")
        description = _("An event, with its dates and place.")
        template = "newsletter/blocks/event.html"
        value_class = EventValue

    def clean(self, value: Any) -> Any:
        result = super().clean(value)
        if result.get("ends") and result["ends"] < result["begins"]:
            error = ValidationError(_("This is before the first date."))
            raise StructBlockValidationError({"ends": error})
        return result


class ActionBlock(blocks.StructBlock):
    """A call to action."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE_FEATURES, required=False)
    link = LinkBlock(label=_("Link"))

    class Meta:
        icon = "pick"
        label = _("Call to action")
        description = _("One thing the reader can do, with a link.")
        template = "newsletter/blocks/action.html"


class IssueBlock(blocks.StreamBlock):
    """The body of an issue, of blocks that every mail program can show."""

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

    class Meta:
        template = "core/blocks/body.html"
