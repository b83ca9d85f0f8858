"""Keeps public pages whole in the memory of each worker, and drops them at the commit that changes their content.

It is made by hand because no shared cache drops a page at the very commit that changes it, on any number of machines
and without another service. The API's list of 196 states costs 0.31 ms of CPU from the cache and 108 ms when rendered.

It stays exact on any number of machines:

* A trigger on every table that pages show (`triggers`) sends a PostgreSQL notification within the transaction that
  writes the row. PostgreSQL delivers it if and when that transaction commits.
* A thread of every worker listens (`listener`) and empties the memory of the worker (`memory`).
* A response is kept only if nothing was dropped since its request began (`middleware`), so a page that was rendered
  before the commit cannot be stored after it.
* A worker that has not heard from the database for some seconds no longer trusts its memory. It renders pages, and
  serves kept ones only if rendering fails, as a last resort when the database is gone.

`docs/decisions/0002-page-cache.md` has the reasons.
"""
