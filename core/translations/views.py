"""wagtail-localize's views that publish or copy, with a check of the permission on the page that they change.

wagtail-localize 1.14 checks "Can submit translations" only, a permission on the whole site. These views replace its own
at the same addresses: see `urlpatterns`.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.models import DraftStateMixin, Page
from wagtail.permissions import policy_registry
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.views import convert
from wagtail_localize.views.submit_translations import (
    SubmitPageTranslationView,
    SubmitTranslationForm,
)
from wagtail_localize.views.update_translations import (
    UpdateTranslationsForm,
    UpdateTranslationsView,
)

from .services import queue_pages_below


class SubmitPageTranslation(SubmitPageTranslationView):
    """Creates drafts of translations for users who may edit the page. Jobs translate the pages below it."""

    def get_object(self) -> Page:
        page: Page = super().get_object()
        if not may_edit(self.request.user, page):
            raise PermissionDenied
        return page

    @transaction.atomic
    def form_valid(self, form: SubmitTranslationForm) -> HttpResponse:
        with_pages_below = form.cleaned_data["include_subtree"] and not self.object.is_leaf()
        form.cleaned_data["include_subtree"] = False
        response: HttpResponse = super().form_valid(form)
        if with_pages_below:
            locales = form.cleaned_data["locales"]
            number = queue_pages_below(self.object, locales, self.request.user)
            messages.info(
                self.request,
                ngettext(
                    "The page below it will follow shortly, as a draft.",
                    "The %(number)s pages below it follow within minutes, as drafts.",
                    number,
                )
                % {"number": number},
            )
        return response


class UpdateTranslations(UpdateTranslationsView):
    """Updates the translations of a page, for users who may edit the page.

    "Publish immediately" publishes only translations that are already public and that the user may publish. Drafts are
    published in their own editor, where their texts are reviewed.
    """

    def get_object(self) -> TranslationSource:
        source: TranslationSource = super().get_object()
        if not may_edit(self.request.user, source.get_source_instance()):
            raise PermissionDenied
        return source

    @transaction.atomic
    def form_valid(self, form: UpdateTranslationsForm) -> HttpResponse:
        publish = form.cleaned_data["publish_translations"]
        form.cleaned_data["publish_translations"] = False
        response: HttpResponse = super().form_valid(form)
        if publish:
            translations = self.object.translations.filter(enabled=True)
            for translation in translations.select_related("target_locale"):
                self._publish(translation)
        return response

    def _publish(self, translation: Translation) -> None:
        page = translation.get_target_instance()
        language = translation.target_locale.get_display_name()
        if isinstance(page, DraftStateMixin) and not page.live:
            messages.warning(
                self.request,
                _("%(language)s is a draft and was not published.") % {"language": language},
            )
        elif not may_publish(self.request.user, page):
            messages.warning(
                self.request,
                _("%(language)s was not published: you do not have permission to publish it.")
                % {"language": language},
            )
        else:
            try:
                translation.save_target(user=self.request.user, publish=True)
            except ValidationError as error:
                messages.error(
                    self.request,
                    _("%(language)s was not published: %(errors)s")
                    % {"language": language, "errors": " ".join(error.messages)},
                )


@require_http_methods(["GET", "HEAD", "POST"])
def convert_to_alias(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """Replace a translation by an alias, which is public if its source is, for users who may publish it."""
    if not may_publish(request.user, get_object_or_404(Page, pk=page_id).specific):
        raise PermissionDenied
    response: HttpResponseBase = convert.convert_to_alias(request, page_id)
    return response


# Registered before those of wagtail-localize, whose names still lead here: the first matching pattern is served.
urlpatterns: list[Any] = [
    path("localize/submit/page/<int:page_id>/", SubmitPageTranslation.as_view()),
    path("localize/update/<int:translation_source_id>/", UpdateTranslations.as_view()),
    path("localize/page/<int:page_id>/convert_to_alias/", convert_to_alias),
]


def may_edit(user: Any, instance: Model) -> bool:
    """Return whether the user may edit the page or other object."""
    if isinstance(instance, Page):
        return bool(instance.permissions_for_user(user).can_edit())
    return _policy_allows(user, "change", instance)


def may_publish(user: Any, instance: Model) -> bool:
    """Return whether the user may publish the page or other object."""
    if isinstance(instance, Page):
        return bool(instance.permissions_for_user(user).can_publish())
    action = "publish" if isinstance(instance, DraftStateMixin) else "change"
    return _policy_allows(user, action, instance)


def _policy_allows(user: Any, action: str, instance: Model) -> bool:
    policy = policy_registry.get(instance)
    return bool(policy.user_has_permission_for_instance(user, action, instance))
