"""Formats of dates where the Coalition's differ from Django's."""
