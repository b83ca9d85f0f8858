"""Sends mailings: jobs, claims, messages, transports, and what becomes of each delivery."""
