"""Sending in the Wagtail admin: the list of issues, the checks before sending, and how it goes."""
