"""Long trials of the whole site under faults and attacks. `make trials` runs them all.

`make trials ARGS="slow_connections"` runs one, `ARGS="--list"` lists them. Each runs the site with its production
settings on a database of its own, does harm to it, and prints what it measured beside what is expected. `make test`
holds a short form of each.

A trial is a module of this package with a function `run() -> list[Finding]`, listed in `trials.__main__.TRIALS`. Its
docstring says what is done and what is expected.
"""
