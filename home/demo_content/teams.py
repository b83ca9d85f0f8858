"""The groups of staff: one team for each region, and the permissions of the secretariat."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowContentType,
)

from record.models import Country, RegionTeam
from regions.models import RegionPage

PAGE_PERMISSIONS = ("add", "change", "publish")
FILE_PERMISSIONS = ("add", "change", "choose")
# Actions on every country for Wagtail's own groups, to which the secretariat belongs.
RECORD_PERMISSIONS = {
    "Moderators": ("add", "change", "publish", "lock", "unlock"),
    "Editors": ("change",),
}
# Their permissions on the newsletter. The secretariat decides who may see supporters' addresses.
NEWSLETTER_PERMISSIONS = {
    "Moderators": ("send_mailing", "view_mailing", "add_segment", "change_segment", "view_segment"),
    "Editors": ("view_mailing",),
}
REVIEW = "Moderators approval"


def team_name(region_page: RegionPage) -> str:
    return f"{region_page.title} team"


def create_team(*, region_page: RegionPage) -> Group:
    """Create the group that edits one region.

    Its members edit, translate and publish the region's page in every language, with all pages below it, and the record
    of its countries. They have a collection of their own for pictures and documents, and may use those of others.
    """
    team = Group.objects.create(name=team_name(region_page))
    team.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        Permission.objects.get(
            content_type__app_label="wagtail_localize", codename="submit_translation"
        ),
    )
    for page in region_page.get_translations(inclusive=True):
        for permission_type in PAGE_PERMISSIONS:
            GroupPagePermission.objects.create(
                group=team, page=page, permission_type=permission_type
            )
    RegionTeam.objects.create(group=team, region=region_page.region)
    root = Collection.get_first_root_node()
    own = root.add_child(name=region_page.title)
    GroupCollectionPermission.objects.bulk_create(
        GroupCollectionPermission(group=team, collection=collection, permission=permission)
        for collection, actions in ((own, FILE_PERMISSIONS), (root, ("choose",)))
        for permission in _file_permissions(actions)
    )
    return team


def open_record_to_secretariat() -> None:
    """Let Wagtail's own groups edit every country, and review drafts that are submitted to moderation."""
    countries = ContentType.objects.get_for_model(Country)
    for group in Group.objects.filter(name__in=RECORD_PERMISSIONS):
        codenames = [f"{action}_country" for action in RECORD_PERMISSIONS[group.name]]
        group.permissions.add(
            *Permission.objects.filter(content_type=countries, codename__in=codenames)
        )
    workflow = Workflow.objects.filter(name=REVIEW).first()
    if workflow is not None:
        WorkflowContentType.objects.get_or_create(
            content_type=countries, defaults={"workflow": workflow}
        )


def open_newsletter_to_secretariat() -> None:
    """Let Moderators send issues, and Editors see the mailings."""
    for group in Group.objects.filter(name__in=NEWSLETTER_PERMISSIONS):
        group.permissions.add(
            *Permission.objects.filter(
                content_type__app_label="newsletter",
                codename__in=NEWSLETTER_PERMISSIONS[group.name],
            )
        )


def _file_permissions(actions: tuple[str, ...]) -> list[Permission]:
    wanted = Q()
    for action in actions:
        wanted |= Q(content_type__app_label="wagtailimages", codename=f"{action}_image")
        wanted |= Q(content_type__app_label="wagtaildocs", codename=f"{action}_document")
    return list(Permission.objects.filter(wanted))
