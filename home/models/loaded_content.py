"""What the demo content has already put into this database."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedContent(models.Model):
    """A page or another item that `load_demo_content` loaded once, and so never loads again.

    The record outlives the page: what staff renamed, moved, unpublished or deleted stays as they left it.
    """

    # Listed among a page's uses in the admin, it would puzzle editors.
    wagtail_reference_index_ignore = True

    key = models.CharField(_("key"), max_length=120, unique=True)
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    loaded_at = models.DateTimeField(_("loaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("loaded content")
        verbose_name_plural = _("loaded content")

    def __str__(self) -> str:
        return self.key
