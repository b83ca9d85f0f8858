"""Addresses of the news that are no pages of the tree."""

from django.urls import path

from .feeds import NewsFeed

urlpatterns = [
    path("feed.atom", NewsFeed(), name="news_feed"),
    path("<slug:region>/feed.atom", NewsFeed(), name="news_region_feed"),
]
