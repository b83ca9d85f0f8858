"""Imports of lists: new subscribers, or addresses to suppress."""
