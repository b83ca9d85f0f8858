"""How fast mailings are sent, against yardsticks that send the same bytes to the same mail server in the same run.

- `comparison` runs it all and prints the tables.
- `issue` makes the readers and the mailing, with the site's own settings, and tells how long it took.
- `yardsticks` are three loops that do nothing but send: what a program without a ledger would do.
"""
