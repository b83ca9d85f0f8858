"""Addresses of the news outside the page tree."""

from django.urls import path

from .feeds import NewsFeed

urlpatterns = [
    path("feed.atom", NewsFeed(), name="news_feed"),
    path("<slug:region>/feed.atom", NewsFeed(), name="news_region_feed"),
]
