"""PostgreSQL for a site that goes on without it: a database backend for `DATABASES`.

- `base`: connections are not tried while the database is known to be gone, so nobody waits for one.
- `bounded`: connections that do not wait for ever for a server that is silent.
- `breaker`: knows that it is gone, and asks in the background whether it is back.
- `calls`: which threads wait for an answer of the database, and for how long.
- `gate`: keeps threads free for pages that need no database while others wait for a lock.
- `unavailable`: what a visitor is told.
- `web`: the connections of web processes, which ask the breaker while they wait.

`docs/decisions/0016-database-outages.md` tells why.
"""
