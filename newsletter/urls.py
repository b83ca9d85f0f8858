"""URLs of the newsletter, under each language."""

from django.urls import path

from . import views
from .feeds import IssueFeed

app_name = "newsletter"

urlpatterns = [
    path("", views.SubscribeView.as_view(), name="subscribe"),
    path("issues/feed.atom", IssueFeed(), name="issues_feed"),
    path("thanks/", views.ThanksView.as_view(), name="thanks"),
    path("confirm/<str:token>/", views.ConfirmView.as_view(), name="confirm"),
    path("preferences/<str:token>/", views.PreferencesView.as_view(), name="preferences"),
    path("leave/", views.LeaveView.as_view(), name="leave"),
    path("leave/asked/", views.LeaveAskedView.as_view(), name="leave_asked"),
    path("unsubscribe/<str:token>/", views.UnsubscribeView.as_view(), name="unsubscribe"),
    path("stay/<str:token>/", views.StayView.as_view(), name="stay"),
]
