"""Keeps the trees of pages and collections consistent: numbers of children, paths and depths."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.db.models import Model
from django.db.models.signals import pre_save
from treebeard.mp_tree import MP_Node
from wagtail.models import Collection, Page

PLACE = ("path", "depth", "numchild")
# In the order in which treebeard's `find_problems` returns them.
PROBLEMS = (
    "have a path with characters that no path has",
    "have a path of an impossible length",
    "have no parent",
    "have the wrong depth",
    "have the wrong number of children",
)


def keep_place(
    sender: type[Model], instance: Model, raw: bool, update_fields: Any, **kwargs: Any
) -> None:
    """Reset the place of a saved page in the tree to that in the database, in case the object is outdated.

    Only treebeard's own SQL may change places. Wagtail saves all columns of a page, and wagtail-localize publishes
    objects that are older than their children: the number of children was reset to 0, and the next page added there
    collided with the first.
    """
    if raw or update_fields is not None or instance.pk is None or not isinstance(instance, Page):
        return
    stored = Page.objects.select_for_update().filter(pk=instance.pk).values(*PLACE).first()
    for name, value in (stored or {}).items():
        setattr(instance, name, value)


def connect() -> None:
    """Connect to every save of a page. Called when the apps are ready."""
    pre_save.connect(keep_place, dispatch_uid="keep_place")


@register(Tags.database)
def check_trees(
    app_configs: Any, databases: Iterable[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Report nodes whose place in a tree is inconsistent with others. Runs with `check --database` only."""
    if "default" not in (databases or ()):
        return []
    return [
        problem for tree in (Page, Collection) if _has_table(tree) for problem in _problems_of(tree)
    ]


def _has_table(model: type[Model]) -> bool:
    """Return whether the table exists: `migrate` runs the checks before it makes tables."""
    return model._meta.db_table in connection.introspection.table_names()


def _problems_of(tree: type[MP_Node]) -> Iterator[CheckMessage]:
    for problem, keys in zip(PROBLEMS, tree.find_problems(), strict=True):
        if keys:
            yield Error(
                f"{len(keys)} of the {tree._meta.verbose_name_plural} {problem}.",
                hint="Run “manage.py fixtree”. Their ids: " + ", ".join(map(str, keys[:20])),
                obj=tree,
                id="core.E002",
            )
