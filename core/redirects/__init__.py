"""Redirects: those that Wagtail makes of pages that moved, and those that staff enter."""
