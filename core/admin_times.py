"""Times in the admin, in the time zone of the user's account, which is always shown.

Wagtail activates that zone for every view (`wagtail.admin.localization`). `DATETIME_FORMAT` (`core/formats/`) shows it
with each time, `ZonedDateTimeField` parses input in it, and exports are in UTC. `install` applies this to all of
Wagtail's own forms, tags and exports.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import (
    WagtailAdminDraftStateFormMixin,
    register_form_field_override,
)
from wagtail.admin.templatetags import wagtailadmin_tags
from wagtail.admin.views.mixins import ExcelDateFormatter, SpreadsheetExportMixin
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Revision
from wagtail.signals import published

# The database and Python agree on all times in these years, in every zone.
FIRST_YEAR, LAST_YEAR = 2000, 2999


class ZonedDateTimeInput(AdminDateTimeInput):
    """Wagtail's date and time chooser, without removing an offset from UTC that somebody typed."""

    def get_config(self) -> dict[str, Any]:
        # On blur the chooser would remove the offset and close. The script closes it instead.
        return {**super().get_config(), "validateOnBlur": False}

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().build_attrs(*args, **kwargs), "data-zoned-time": ""}

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["js/staff/zoned_time.js"])


class ZonedDateTimeField(forms.DateTimeField):
    """A time in the active zone, which the help text names.

    When clocks go back an hour occurs twice, and when they go forward an hour is skipped. Such a time is rejected with
    an error that says what to enter instead: another hour, or the time with its offset (`2026-11-01 01:30-05:00`). The
    field shows stored times of a repeated hour with their offset too, so every stored time survives a round trip.
    """

    def __init__(
        self, *, help_text: Any = "", widget: Any = ZonedDateTimeInput, **kwargs: Any
    ) -> None:
        if isinstance(widget, AdminDateTimeInput) and not isinstance(widget, ZonedDateTimeInput):
            # Wagtail's panel for schedules has its own widget, configured for its dialog.
            widget = ZonedDateTimeInput(
                attrs=widget.attrs, js_overlay_parent_selector=widget.js_overlay_parent_selector
            )
        super().__init__(help_text=lazy(_with_zone, str)(help_text), widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            return _as_typed(timezone.localtime(value))
        return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        try:
            moment = super().to_python(value)
        except ValidationError as error:
            if getattr(error, "code", "") != "ambiguous_timezone":
                raise
            raise _clocks_change(error.params["datetime"]) from None  # type: ignore[index]
        if moment and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValidationError(
                _("Choose a year from %(first)d to %(last)d."),
                code="year",
                params={"first": FIRST_YEAR, "last": LAST_YEAR},
            )
        return moment


def install() -> None:
    """Apply these rules to Wagtail's forms, tags and exports. Call once, when the apps are ready."""
    register_form_field_override(
        models.DateTimeField,
        override={"form_class": ZonedDateTimeField, "widget": ZonedDateTimeInput},
    )
    WagtailAdminDraftStateFormMixin.clean_expire_at = _clean_expire_at
    published.connect(_drop_past_expiry, dispatch_uid="drop_past_expiry")
    wagtailadmin_tags.register.simple_tag(
        _with_zone_of_time(wagtailadmin_tags.timesince_last_update), name="timesince_last_update"
    )
    # A workbook has no time zones, so the format of its cells appends the zone. A CSV file holds the offset.
    ExcelDateFormatter._formats["T"] = '"UTC"'
    SpreadsheetExportMixin.custom_value_preprocess[datetime][SpreadsheetExportMixin.FORMAT_CSV] = (
        _utc_text
    )


def _with_zone(help_text: Any) -> str:
    zone = _("In the time zone of your account: %(zone)s.") % {
        "zone": timezone.get_current_timezone()
    }
    return f"{help_text} {zone}".strip()


def _is_ambiguous(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _as_typed(local: datetime) -> str:
    """Return the text to enter for this time: with its offset if the hour occurs twice."""
    shown = local if _is_ambiguous(local) else local.replace(tzinfo=None)
    return shown.isoformat(sep=" ", timespec="seconds" if local.second else "minutes")


def _clocks_change(naive: datetime) -> ValidationError:
    """Return the error for a time that is skipped or repeated in the active zone."""
    zone = timezone.get_current_timezone()
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    params = {"time": naive.isoformat(sep=" ", timespec="minutes"), "zone": zone}
    if first.astimezone(UTC) < second.astimezone(UTC):
        message = _(
            "%(time)s occurs twice in %(zone)s because the clocks go back. Enter %(first)s for the "
            "first or %(second)s for the second."
        )
        return ValidationError(
            message,
            code="clocks_go_back",
            params={**params, "first": _as_typed(first), "second": _as_typed(second)},
        )
    message = _(
        "%(time)s does not exist in %(zone)s because the clocks go forward. Enter %(before)s or "
        "%(after)s."
    )
    before, after = (
        _as_typed(moment.astimezone(UTC).astimezone(zone)) for moment in (second, first)
    )
    return ValidationError(
        message, code="clocks_go_forward", params={**params, "before": before, "after": after}
    )


def _clean_expire_at(form: forms.BaseForm) -> datetime | None:
    """Clear an expiry that has passed, unless the user has just entered it.

    Wagtail otherwise refuses to save the form at all. It still rejects a past expiry that is entered now.
    """
    expires: datetime | None = form.cleaned_data["expire_at"]
    if expires and expires < timezone.now() and "expire_at" not in form.changed_data:
        return None
    return expires


def _drop_past_expiry(instance: Any, revision: Revision, **_signal: Any) -> None:
    """Clear an expiry that has passed from a page or record that is published without its form.

    A bulk action or a workflow publishes the revision as it is, and `publish_scheduled` would unpublish the page within
    a minute. The revision is cleared too, because Wagtail then copies it to the aliases of the page.
    """
    if instance.live and instance.expire_at and instance.expire_at < timezone.now():
        instance.expire_at = None
        type(instance)._base_manager.filter(pk=instance.pk).update(expire_at=None)
        revision.content["expire_at"] = None
        revision.save(update_fields=["content"])


def _with_zone_of_time(tag: Callable[..., str]) -> Callable[..., str]:
    """Wrap the tag to add the zone after the time of day, which it shows for today's changes."""

    @wraps(tag)
    def timesince_last_update(last_update: datetime, *args: Any, **kwargs: Any) -> str:
        local = timezone.localtime(last_update)
        return tag(last_update, *args, **kwargs).replace(f"{local:%H:%M}", f"{local:%H:%M %Z}", 1)

    return timesince_last_update


def _utc_text(moment: datetime) -> str:
    """Return the time as text for a CSV file: `2026-11-28 21:58:00+00:00`."""
    return moment.astimezone(UTC).isoformat(sep=" ", timespec="seconds")
