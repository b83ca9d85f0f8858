"""The teams of the regions: who edits what."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

PAGE_PERMISSIONS = ("add", "change", "publish")
FILE_PERMISSIONS = ("add", "change", "choose")


def team_name(region_page: Page) -> str:
    return f"{region_page.title} team"


def create_team(*, region_page: Page) -> Group:
    """Create the group that edits one region.

    Its members edit and publish the region's page and all under it, keep pictures and documents in a collection of
    their own, and choose from those of the others.
    """
    team = Group.objects.create(name=team_name(region_page))
    team.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    for permission_type in PAGE_PERMISSIONS:
        GroupPagePermission.objects.create(
            group=team, page=region_page, permission_type=permission_type
        )
    root = Collection.get_first_root_node()
    own = root.add_child(name=region_page.title)
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group=team, collection=collection, permission=permission)
        for collection, actions in ((own, FILE_PERMISSIONS), (root, ("choose",)))
        for permission in _file_permissions(actions)
    )
    return team


def _file_permissions(actions: tuple[str, ...]) -> list[Permission]:
    wanted = Q()
    for action in actions:
        wanted |= Q(content_type__app_label="wagtailimages", codename=f"{action}_image")
        wanted |= Q(content_type__app_label="wagtaildocs", codename=f"{action}_document")
    return list(Permission.objects.filter(wanted))
