"""The Atom feed of issues, one for each language."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.feeds import PageFeed, entries, front_page, path_of_index
from core.language import current_language
from core.metadata import absolute
from newsletter.models import IssueIndexPage, IssuePage


class IssueFeed(PageFeed):
    """The newest issues in the language of the URL."""

    name = "issues"

    def title(self) -> str:
        return _("Newsletter of the Coalition for the International Criminal Court")

    def link(self) -> str:
        return absolute(path_of_index(IssueIndexPage) or front_page())

    def feed_url(self) -> str:
        return absolute(reverse("newsletter:issues_feed"))

    def feed_guid(self) -> str:
        return self.guid_of_feed()

    def items(self) -> list[IssuePage]:
        issues = IssuePage.objects.in_language(current_language())
        return entries(issues.for_list())
