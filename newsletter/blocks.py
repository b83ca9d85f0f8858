"""What an issue is made of. Each block has three templates: web page, HTML mail and plain text."""

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

from .issues.articles import articles_for_reader
from .issues.changes import FIRST_PERIOD, changes_between

# What every program of mail shows.
FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]
INLINE_FEATURES = ["bold", "italic", "link"]


class OptionalLinkBlock(LinkBlock):
    """A link with its words, or nothing at all."""

    text = blocks.CharBlock(label=_("Words"), max_length=80, required=False)

    def clean(self, value: Any) -> Any:
        if not any(value.get(name) for name in ("text", *TARGETS)):
            return value
        result = super().clean(value)
        if not result.get("text"):
            error = ValidationError(_("Enter the link text."))
            raise StructBlockValidationError({"text": error})
        return result


class LeadBlock(blocks.StructBlock):
    """What the issue begins with."""

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
    """Articles of the site with their summaries, in each reader's language where they are translated."""

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
        """`articles` are those that the reader may read: see `articles_for_reader`."""
        context = super().get_context(value, parent_context=parent_context)
        return {**context, "articles": articles_for_reader(value["articles"])}


class ChangesBlock(blocks.StructBlock):
    """What changed in the tracker since the last issue."""

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
        """`changes` are RecentChanges of the days that the editor gave, or that lie between two issues."""
        context = super().get_context(value, parent_context=parent_context)
        page = context.get("page")
        until = value.get("until") or (page.date if page else today())
        after = value.get("since") or self._day_before(page, until)
        return {**context, "changes": changes_between(after=after, until=until)}

    def _day_before(self, page: Any, until: date) -> date:
        previous = page.previous() if page else None
        # An issue of the same day leaves this one nothing to tell twice.
        return previous.date if previous else until - FIRST_PERIOD


class EventValue(blocks.StructValue):
    """An event, with its days in words."""

    @property
    def days(self) -> str:
        """ "3 December 2026 – 12 December 2026", or the one day."""
        begins, ends = self.get("begins"), self.get("ends")
        days = [begins, ends] if ends and ends != begins else [begins]
        return " – ".join(date_format(day) for day in days if day)


class EventBlock(blocks.StructBlock):
    """Something that takes place."""

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
    """What the reader can do."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=INLINE_FEATURES, required=False)
    link = LinkBlock(label=_("Link"))

    class Meta:
        icon = "pick"
        label = _("Call to action")
        description = _("One thing the reader can do, with a link.")
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

    class Meta:
        template = "core/blocks/body.html"
