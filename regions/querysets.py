"""What is asked of the pages of regions."""

from collections.abc import Iterable
from typing import Self

from wagtail.query import PageQuerySet


class RegionPageQuerySet(PageQuerySet):
    """Pages of regions, each named for its reader."""

    def in_menu_order(self) -> Self:
        """The order that editors gave the pages."""
        return self.order_by("path")

    def for_cards(self) -> Self:
        """With key facts, in two queries whatever the number of regions."""
        cards = self.live().in_menu_order().defer_streamfields()
        return cards.select_related("alias_of__locale").prefetch_related("key_facts")

    def chosen(self, pages: Iterable[int], *, language: int) -> Self:
        """The published pages in a language (the id of its locale) of regions chosen by the ids of pages.

        A translated page keeps the choices of its original, which are pages in the language of that.
        """
        keys = self.filter(pk__in=pages).values("translation_key")
        return self.filter(translation_key__in=keys, locale=language).live()
