"""The regions in the Wagtail admin."""
