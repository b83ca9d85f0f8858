"""Supporters who receive global justice news."""
