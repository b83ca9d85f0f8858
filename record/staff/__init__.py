"""The record in the Wagtail admin."""
