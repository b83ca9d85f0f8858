"""Public pages, kept whole in the memory of each worker and dropped at the commit that changes what they show.

It is made by hand because no shared cache drops a page at the very commit that changes it, on any number of machines
and without another service. The API's list of 196 states costs 0.31 ms of CPU from it and 108 ms when it is rendered.

How it stays exact on any number of machines:

* A trigger on every table that pages show (`triggers`) sends a PostgreSQL notification from inside the
  transaction that writes the row. PostgreSQL delivers it when, and only when, that transaction commits.
* A thread of every worker listens (`listener`) and drops all that the worker holds (`store`).
* A response is kept only if nothing was dropped since its request began (`middleware`), so a page that was
  rendered from the state before the commit cannot be stored after it.
* A worker that has not heard from the database for some seconds no longer trusts what it holds. It renders,
  and serves what it holds only where rendering fails: the last resort when the database is gone.

`docs/decisions/0002-page-cache.md` tells why.
"""
