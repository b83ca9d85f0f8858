from wagtail.users.apps import WagtailUsersAppConfig


class StaffAccountsConfig(WagtailUsersAppConfig):
    """Wagtail's users, managed as `rights` says."""

    user_viewset = "core.staff_accounts.views.StaffViewSet"
    group_viewset = "core.staff_accounts.views.StaffGroupViewSet"

    def ready(self) -> None:
        super().ready()
        from . import permissions  # noqa: PLC0415 - it needs the models.

        permissions.register()
