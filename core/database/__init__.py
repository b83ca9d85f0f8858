"""PostgreSQL for a site that keeps working without it: a database backend for `DATABASES`.

- `base`: the backend. It opens no connection while the database is known to be gone, so nobody waits for one.
- `breaker`: the circuit breaker, which probes in the background whether the database is back, and connections that do
  not wait for ever for a silent server.
- `gate`: keeps threads free for pages that need no database while others wait for it, and answers 503.

`docs/decisions/0013-database-outages.md` has the reasons.
"""
