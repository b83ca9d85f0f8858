"""Sends mailings: sender jobs, claims, messages, transports and the outcomes of deliveries."""
