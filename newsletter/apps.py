from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self) -> None:
        from .feedback import webhooks  # noqa: F401, PLC0415 - its check registers itself.
        from .people import personal_data  # noqa: F401, PLC0415 - it registers itself.
