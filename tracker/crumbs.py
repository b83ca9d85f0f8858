"""The way to what lies under the tracker, for its breadcrumbs."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

TITLE = _("Status of every state")
PARENTS = ((TITLE, reverse_lazy("tracker")),)
