"""The URL of the mail provider's webhook, without a language."""

from django.urls import path

from .feedback.views import TrackingWebhookView

urlpatterns = [
    path("mail/<slug:provider>/tracking/", TrackingWebhookView.as_view(), name="mail_webhook"),
]
