"""The speed of mailings beside yardsticks that send the same bytes to the same mail server in the same run.

- `comparison` runs everything and prints the tables.
- `issue` creates the readers and the mailing, with the site's own settings, and times the mailing.
- `yardsticks` are three loops that only send, as a program without a ledger would.
"""
