"""Values that are the same in every language: figures, dates, choices, pictures and links.

A translation takes them from its source whenever it is saved while public, and whenever the source is published. So the
two never contradict each other, whatever draft, schedule or older snapshot a translation is published from. Texts stay
as they were translated. A figure is taken over only while the text beside it is the one that was translated: "150
states" must not become "40 states" in French because English now says "40 years".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import get_serializable_data_for_fields
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.fields import StreamField
from wagtail.models import GroupPagePermission, Page, TranslatableMixin
from wagtail.signals import copy_for_translation_done, page_published
from wagtail_localize.fields import SynchronizedField, get_translatable_fields
from wagtail_localize.models import SegmentOverride, Translation

LOG_ACTION = "core.share_values"


def share_values(page: Page) -> None:
    """Copy the shared values of a page to all its public translations. Called when the page is published."""
    if not page.live:
        return
    translations = Translation.objects.filter(
        source__object_id=page.translation_key, source__locale=page.locale_id, enabled=True
    )
    for translation in translations.select_related("source"):
        try:
            translated = translation.get_target_instance()
        except ObjectDoesNotExist:
            continue
        if translated.live and take_values(translated):
            translated.save(clean=False, log_action=LOG_ACTION)
            share_values(translated)


def take_values(page: Page) -> bool:
    """Take the shared values of the page that this one translates, if that is public. Return whether any changed.

    The page is not saved. Values that an editor of the translation overrode, such as another picture, stay.
    """
    translation = _translation_of(page)
    source = _source_of(translation)
    if translation is None or source is None or not source.live:
        return False
    overrides = SegmentOverride.objects.filter(
        context__object_id=page.translation_key, locale=page.locale_id
    )
    chosen = set(overrides.values_list("context__path", flat=True))
    return _Part(translation.source.as_instance(), source, page, chosen).merge()


def embargo_of(page: Page) -> datetime | None:
    """Return when the source of a translation is first published, if it is scheduled and not public yet; else None."""
    source = _source_of(_translation_of(page))
    if source is None or source.live or not source.go_live_at:
        return None
    return source.go_live_at if source.go_live_at > timezone.now() else None


def _translation_of(page: Page) -> Translation | None:
    translations = Translation.objects.filter(
        source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True
    )
    return translations.select_related("source").first()


def _source_of(translation: Translation | None) -> Any:
    if translation is None:
        return None
    try:
        return translation.source.get_source_instance()
    except ObjectDoesNotExist:
        return None


@dataclass
class _Part:
    """Versions of a page or a part of it: the source when it was translated, the source now, and the translation."""

    then: Any
    now: Any
    mine: Any
    chosen: Collection[str]
    prefix: str = ""

    def merge(self) -> bool:
        """Copy every field that is not text. Return whether any changed."""
        changed = False
        for field in get_translatable_fields(type(self.mine)):
            changed |= self._take(field)
        return changed

    def _take(self, translatable: Any) -> bool:
        name: str = translatable.field_name
        field = translatable.get_field(type(self.mine))
        if isinstance(field, models.ManyToOneRel) and isinstance(field.remote_field, ParentalKey):
            if issubclass(field.related_model, TranslatableMixin):
                return self._take_parts(field.name)
            return self._take_rows(field.name)
        if isinstance(field, StreamField):
            return self._take_blocks(name, field)
        if not isinstance(translatable, SynchronizedField) or self.prefix + name in self.chosen:
            return False
        if isinstance(field, ParentalManyToManyField):
            return self._take_many(name)
        return self._set(field.attname)

    def _set(self, attribute: str) -> bool:
        value = getattr(self.now, attribute)
        if getattr(self.mine, attribute) == value:
            return False
        setattr(self.mine, attribute, value)
        return True

    def _take_many(self, name: str) -> bool:
        wanted = list(getattr(self.now, name).all())
        if {one.pk for one in wanted} == {one.pk for one in getattr(self.mine, name).all()}:
            return False
        setattr(self.mine, name, wanted)
        return True

    def _take_rows(self, name: str) -> bool:
        """Copy rows without text, such as the regions of a campaign."""
        if _rows(self.now, name) == _rows(self.mine, name):
            return False
        self.now.copy_child_relation(name, self.mine)
        return True

    def _take_parts(self, name: str) -> bool:
        """Copy the figures and the order of rows with text, such as key facts. New rows wait for their translation."""
        then, now = _by_key(self.then, name), _by_key(self.now, name)
        mine = list(getattr(self.mine, name).all())
        kept = [part for part in mine if part.translation_key in now]
        changed = len(kept) < len(mine)
        for part in kept:
            key = part.translation_key
            versions = _Part(
                then.get(key), now[key], part, self.chosen, f"{self.prefix}{name}.{key}."
            )
            changed |= versions.merge_part()
        if changed:
            kept.sort(key=lambda part: getattr(part, "sort_order", None) or 0)
            setattr(self.mine, name, kept)
        return changed

    def merge_part(self) -> bool:
        if self.then is None:
            return False
        citation = getattr(type(self.mine), "citation_field", None)
        texts = [
            field.field_name
            for field in get_translatable_fields(type(self.mine))
            if not isinstance(field, SynchronizedField) and field.field_name != citation
        ]
        if any(getattr(self.then, name) != getattr(self.now, name) for name in texts):
            return False
        changed = self.merge()
        if hasattr(self.mine, "sort_order"):
            changed |= self._set("sort_order")
        # A figure with the citation of another would be false, so the new citation is shown, for now untranslated.
        if citation and getattr(self.then, citation) != getattr(self.now, citation):
            changed |= self._set(citation)
        return changed

    def _take_blocks(self, name: str, field: StreamField) -> bool:
        versions = Versions(
            *(
                getattr(version, name).get_prep_value()
                for version in (self.then, self.now, self.mine)
            )
        )
        merged = BlockMerger(self.chosen).merge(field.stream_block, versions, self.prefix + name)
        if merged == versions.mine:
            return False
        setattr(self.mine, name, field.stream_block.to_python(merged))
        return True


def _rows(page: Any, name: str) -> list[dict[str, Any]]:
    own = {"pk", "page", "sort_order"}
    return [
        {
            key: value
            for key, value in get_serializable_data_for_fields(row).items()
            if key not in own
        }
        for row in getattr(page, name).all()
    ]


def _by_key(page: Any, name: str) -> dict[Any, Any]:
    return {part.translation_key: part for part in getattr(page, name).all()}


def connect() -> None:
    """Connect the signals of publishing and translating. Called when the apps are ready."""
    page_published.connect(_after_publish, dispatch_uid="share_values")
    copy_for_translation_done.connect(_after_translation, dispatch_uid="share_rights")


def _after_publish(instance: Page, **kwargs: Any) -> None:
    share_values(instance)


def _after_translation(source_obj: Any, target_obj: Any, **kwargs: Any) -> None:
    """Copy the group permissions of a page, such as those of a region's team, to its new translation."""
    if not isinstance(source_obj, Page):
        return
    rights = GroupPagePermission.objects.filter(page=source_obj.pk)
    GroupPagePermission.objects.bulk_create(
        (
            GroupPagePermission(group_id=group, page_id=target_obj.pk, permission_id=permission)
            for group, permission in rights.values_list("group", "permission")
        ),
        ignore_conflicts=True,
    )


TEXTS = (blocks.CharBlock, blocks.TextBlock, blocks.RichTextBlock)
CONTAINERS = (blocks.StreamBlock, blocks.ListBlock, blocks.StructBlock)


@dataclass(frozen=True)
class Versions:
    """Three values of a block: in the source when it was translated, in the source now, and in the translation."""

    then: Any
    now: Any
    mine: Any


@dataclass(frozen=True)
class BlockMerger:
    """Merges stored values of blocks. `chosen` holds the paths of overridden values, as in wagtail-localize."""

    chosen: Collection[str]

    def merge(self, block: Any, versions: Versions, path: str) -> Any:
        """Return the value for the translation."""
        if isinstance(block, TypedTableBlock):
            return versions.mine  # Its rows have no ids by which they could be matched.
        if isinstance(block, (blocks.StreamBlock, blocks.ListBlock)):
            return [self._item(block, item, versions, path) for item in versions.mine]
        if isinstance(block, blocks.StructBlock):
            return self._struct(block, versions, path)
        return versions.mine if isinstance(block, TEXTS) or path in self.chosen else versions.now

    def _item(
        self, block: Any, item: dict[str, Any], versions: Versions, path: str
    ) -> dict[str, Any]:
        then, now = _same(versions.then, item), _same(versions.now, item)
        if then is None or now is None:
            return item
        is_list = isinstance(block, blocks.ListBlock)
        child = block.child_block if is_list else block.child_blocks.get(item["type"])
        if child is None:
            return item
        values = Versions(then["value"], now["value"], item["value"])
        return {**item, "value": self.merge(child, values, f"{path}.{item['id']}")}

    def _struct(self, block: Any, versions: Versions, path: str) -> dict[str, Any]:
        then, now, mine = versions.then, versions.now, versions.mine
        figures = getattr(block, "figures", ())
        texts = [
            name
            for name, child in block.child_blocks.items()
            if isinstance(child, TEXTS) and name not in figures
        ]
        are_texts_new = any(then.get(name) != now.get(name) for name in texts)
        merged = dict(mine)
        for name, child in block.child_blocks.items():
            if (
                name not in now
                or name not in mine
                or (are_texts_new and not isinstance(child, CONTAINERS))
            ):
                continue
            if name in figures:
                merged[name] = now[name]
            else:
                values = Versions(then.get(name), now[name], mine[name])
                merged[name] = self.merge(child, values, f"{path}.{name}")
        return merged


def _same(items: Iterable[dict[str, Any]], wanted: dict[str, Any]) -> dict[str, Any] | None:
    """Return the item of another version that is the same block, or None."""
    for item in items:
        if item.get("id") == wanted.get("id") and item["type"] == wanted["type"]:
            return item
    return None
