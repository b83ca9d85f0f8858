"""What rows that stand for an address by its keyed hash have in common."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.keyed_hashes import KEY_ID_LENGTH, current_key_id


class KeyedHashes(models.Model):
    """A row with hashes that `core.keyed_hashes` made. `manage.py check --database` knows it by this base."""

    hash_key_id = models.CharField(
        _("ID of the hash key"),
        max_length=KEY_ID_LENGTH,
        default=current_key_id,
        editable=False,
    )

    class Meta:
        abstract = True
