"""Additions to wagtail-localize: permissions on the page itself, and values that all languages of a page share."""
