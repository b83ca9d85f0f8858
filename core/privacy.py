"""Keeps a private page private in every language, as an alias, and as a copy."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Page, PageViewRestriction

ChosenGroups = PageViewRestriction.groups.through


def connect() -> None:
    """Connect to changes of restrictions. Called when the apps are ready."""
    post_save.connect(_after_save, sender=PageViewRestriction)
    post_delete.connect(_after_delete, sender=PageViewRestriction)
    m2m_changed.connect(_after_groups, sender=ChosenGroups)


def _counterparts(page: Page) -> QuerySet[Page]:
    """Return the translations of the page, and all aliases of any of them."""
    family = Page.objects.filter(translation_key=page.translation_key)
    aliases = Q(alias_of__in=family.values("pk"))
    return Page.objects.filter(Q(pk__in=family.values("pk")) | aliases).exclude(pk=page.pk)


@transaction.atomic
def restrict(pages: QuerySet[Page], restriction: PageViewRestriction) -> None:
    """Replace the restrictions of these pages by the given one.

    Bulk operations are used because they send no signals: each row would otherwise update all others in turn.
    """
    given = {"restriction_type": restriction.restriction_type, "password": restriction.password}
    existing = PageViewRestriction.objects.filter(page__in=pages)
    existing.update(**given)
    PageViewRestriction.objects.bulk_create(
        PageViewRestriction(page=page, **given)
        for page in pages.exclude(pk__in=existing.values("page"))
    )
    groups = list(restriction.groups.values_list("pk", flat=True))
    ChosenGroups.objects.filter(pageviewrestriction__page__in=pages).exclude(
        group__in=groups
    ).delete()
    ChosenGroups.objects.bulk_create(
        (
            ChosenGroups(pageviewrestriction_id=key, group_id=group)
            for key in existing.values_list("pk", flat=True)
            for group in groups
        ),
        ignore_conflicts=True,
    )


def _after_save(instance: PageViewRestriction, created: bool, raw: bool, **kwargs: Any) -> None:
    if raw:
        return
    counterparts = _counterparts(instance.page)
    if created and not instance.groups.exists():
        # wagtail-localize copies a restriction to a translation without its groups.
        other = PageViewRestriction.objects.filter(
            page__in=counterparts, restriction_type=instance.restriction_type
        ).first()
        if other is not None:
            restrict(Page.objects.filter(pk=instance.page_id), other)
    restrict(counterparts, instance)


def _after_groups(instance: Any, action: str, reverse: bool, **kwargs: Any) -> None:
    if action.startswith("post_") and not reverse:
        restrict(_counterparts(instance.page), instance)


def _after_delete(instance: PageViewRestriction, origin: Any, **kwargs: Any) -> None:
    """Remove the restriction in every language, unless it was deleted together with its page."""
    is_own = isinstance(origin, PageViewRestriction) or (
        isinstance(origin, QuerySet) and origin.model is PageViewRestriction
    )
    if is_own:
        PageViewRestriction.objects.filter(page__in=_counterparts(instance.page)).delete()


class PrivateCopyForm(CopyForm):
    """Wagtail's form for copies of a page. A private page can only be copied as a draft, which is then restricted."""

    def clean(self) -> dict[str, Any]:
        cleaned_data: dict[str, Any] = super().clean()
        inherits = self.page.get_view_restrictions().exclude(page=self.page.pk).exists()
        below = PageViewRestriction.objects.filter(page__path__startswith=self.page.path).exists()
        if cleaned_data.get("publish_copies") and (inherits or below):
            self.add_error(
                "publish_copies",
                _(
                    "A private page is copied as a draft. Check its restrictions before you publish it."
                ),
            )
        if cleaned_data.get("alias") and inherits:
            self.add_error(
                "alias",
                _(
                    "The page is private because a page above it is. An alias elsewhere would be public."
                ),
            )
        return cleaned_data


def restrict_copies(request: HttpRequest, page: Page, new_page: Page) -> None:
    """Give copies the restrictions of their originals, inherited ones too. Wagtail copies only some of them."""
    originals = page.get_descendants(inclusive=True).order_by("path")
    copies = new_page.get_descendants(inclusive=True).order_by("path")
    for original, copy in zip(originals, copies, strict=False):
        own = PageViewRestriction.objects.filter(page=original).first()
        if own is not None:
            restrict(Page.objects.filter(pk=copy.pk), own)
    if not new_page.get_view_restrictions().exists():
        inherited = page.get_view_restrictions().order_by("-page__depth").first()
        if inherited is not None:
            restrict(Page.objects.filter(pk=new_page.pk), inherited)
