"""Redirects: those that Wagtail makes for pages that moved, and those that staff enter."""
