"""Who of the staff may do what with subscribers and mailings."""

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

VIEW_SUBSCRIBERS = "newsletter.view_subscriber"
MANAGE = "newsletter.manage_subscriber"
SEND = "newsletter.send_mailing"
LOOK = "newsletter.view_mailing"


class ViewOnlyPolicy(ModelPermissionPolicy):
    """Whoever has the right looks; nobody, superusers included, adds, edits or deletes."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and bool(super().user_has_permission(user, action))
