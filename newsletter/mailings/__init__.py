"""Mailings: checks, orders, start, supervision, and notices to staff. `newsletter.delivery` sends them."""
