from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        from . import (  # noqa: PLC0415 - they need the models.
            admin_times,
            checks,  # noqa: F401 - it registers itself.
            page_tree,
            privacy,
        )
        from .mail_hold import services as mail_hold  # noqa: PLC0415
        from .page_cache import triggers  # noqa: PLC0415
        from .personal_data import registry  # noqa: F401, PLC0415 - it registers itself.
        from .pictures.cleaning import clean_avatars  # noqa: PLC0415
        from .pictures.headers import read_headers_only  # noqa: PLC0415
        from .sign_in import notices  # noqa: F401, PLC0415 - it connects signals.
        from .spreadsheet import escape_formulas_in_exports  # noqa: PLC0415
        from .translations import sharing  # noqa: PLC0415

        admin_times.install()
        escape_formulas_in_exports()
        page_tree.connect()
        read_headers_only()
        clean_avatars()
        privacy.connect()
        sharing.connect()
        post_migrate.connect(triggers.install, sender=self)
        post_migrate.connect(mail_hold.record_identity, sender=self)
