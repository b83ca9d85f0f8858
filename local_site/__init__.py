"""Runs the whole site on one machine (`make site` and `make dev`), and tools for developers. Not deployed."""
