from wagtail.users.apps import WagtailUsersAppConfig


class StaffAccountsConfig(WagtailUsersAppConfig):
    """Wagtail's users, with the permissions of this package."""

    user_viewset = "core.staff_accounts.viewsets.StaffViewSet"
    group_viewset = "core.staff_accounts.viewsets.StaffGroupViewSet"

    def ready(self) -> None:
        super().ready()
        from . import permissions  # noqa: PLC0415 - it needs the models.

        permissions.register()
