"""Merges the stored values of blocks: words from the translation, all else from the source. See `sharing`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

WORDS = (blocks.CharBlock, blocks.TextBlock, blocks.RichTextBlock)
HOLDERS = (blocks.StreamBlock, blocks.ListBlock, blocks.StructBlock)


@dataclass(frozen=True)
class Versions:
    """The value of a block as it was translated, as the source says it now, and in the translation."""

    then: Any
    now: Any
    mine: Any


@dataclass(frozen=True)
class BlockMerger:
    """`chosen` holds the paths, as wagtail-localize writes them, of what editors of the translation chose."""

    chosen: Collection[str]

    def merge(self, block: Any, versions: Versions, path: str) -> Any:
        """The value for the translation."""
        if isinstance(block, TypedTableBlock):
            return versions.mine  # Its rows have no keys by which they could be told apart.
        if isinstance(block, (blocks.StreamBlock, blocks.ListBlock)):
            return [self._item(block, item, versions, path) for item in versions.mine]
        if isinstance(block, blocks.StructBlock):
            return self._struct(block, versions, path)
        return versions.mine if isinstance(block, WORDS) or path in self.chosen else versions.now

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
        words = [
            name
            for name, child in block.child_blocks.items()
            if isinstance(child, WORDS) and name not in figures
        ]
        said_anew = any(then.get(name) != now.get(name) for name in words)
        merged = dict(mine)
        for name, child in block.child_blocks.items():
            if (
                name not in now
                or name not in mine
                or (said_anew and not isinstance(child, HOLDERS))
            ):
                continue
            if name in figures:
                merged[name] = now[name]
            else:
                values = Versions(then.get(name), now[name], mine[name])
                merged[name] = self.merge(child, values, f"{path}.{name}")
        return merged


def _same(items: Iterable[dict[str, Any]], wanted: dict[str, Any]) -> dict[str, Any] | None:
    """The item of another version that is the same block."""
    for item in items:
        if item.get("id") == wanted.get("id") and item["type"] == wanted["type"]:
            return item
    return None
