"""The page that lists the issues, and its address."""

from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.signals import post_page_move

from core.models import BasePage

from .issues import IssuePage

PER_PAGE = 12
# Of the addresses under `/newsletter/` this one is the page's; the others are views.
ARCHIVE = "issues"


class IssueIndexPage(BasePage):
    """All issues, the newest first, at `<slug>/issues/`: the form of the sign-up stands at `<slug>/`.

    `HomePage.route` finds a page by its whole path, so this needs no routing of its own.
    """

    page_description = _("All issues of the newsletter.")
    parent_page_types = ["home.HomePage"]
    subpage_types = ["newsletter.IssuePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("issues of the newsletter")

    def set_url_path(self, parent: Page | None) -> str:
        self.url_path: str = f"{super().set_url_path(parent)}{ARCHIVE}/"
        return self.url_path

    @property
    def structured_data(self) -> dict[str, Any]:
        """https://schema.org/CollectionPage"""
        return {"@type": "CollectionPage", "description": self.description}

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """`found` is a page of the issues. Raises Http404 for one that there is not."""
        paginator = Paginator(IssuePage.objects.child_of(self).for_list(), PER_PAGE)
        number = request.GET.get("page", "1")
        try:
            found = paginator.page(number)
        except InvalidPage:
            raise Http404 from None
        return {
            **super().get_context(request, *args, **kwargs),
            "found": found,
            "noindex": "page" in request.GET,
        }


@receiver(pre_save, sender=Page)
def keep_address_of_archive(instance: Page, **kwargs: Any) -> None:
    """Wagtail reckons addresses anew on plain pages too, which know nothing of `IssueIndexPage.set_url_path`."""
    ending = f"/{instance.slug}/"
    if instance.specific_class is IssueIndexPage and instance.url_path.endswith(ending):
        instance.url_path = f"{instance.url_path}{ARCHIVE}/"


@receiver(post_page_move, sender=IssueIndexPage)
def keep_addresses_of_issues(instance: Page, url_path_after: str, **kwargs: Any) -> None:
    """Wagtail gave them the address that it had reckoned for the archive before that was saved."""
    if instance.url_path != url_path_after:
        instance._update_descendant_url_paths(url_path_after, instance.url_path)
