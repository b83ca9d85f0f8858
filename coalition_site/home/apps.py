from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "coalition_site.home"
    label = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        from . import personal_data  # noqa: F401, PLC0415 - it registers itself.
