"""Runs the whole site on one machine: `make site` and `make dev`. No part of it is deployed."""
