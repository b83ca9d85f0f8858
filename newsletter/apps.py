from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        from . import personal_data  # noqa: F401, PLC0415 - registers itself.
        from .feedback import views  # noqa: F401, PLC0415 - registers its system check.
