"""Screens of the newsletter in the Wagtail admin."""
