"""PostgreSQL for a site that goes on without it: a database backend for `DATABASES`.

- `base`: connections are not tried while the database is known to be gone, so nobody waits for one.
- `bounded`: connections that do not wait for ever for a server that is silent.
- `breaker`: knows that it is gone, and asks in the background whether it is back. Connections of web processes ask it
  while they wait.
- `gate`: keeps threads free for pages that need no database while others wait for a lock, and knows which wait.
- `unavailable`: what a visitor is told.

`docs/decisions/0013-database-outages.md` tells why.
"""
