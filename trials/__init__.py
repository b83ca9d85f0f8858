"""Long trials of the whole site under faults and attacks. `make trials` runs them all.

`make trials ARGS="slow_connections"` runs one, `ARGS="--list"` lists them. Each runs the site with production settings
on its own database, causes faults, and prints measurements beside the expected values. `make test` runs a short version
of each.

A trial is a module of this package with a function `run() -> list[Finding]`, listed in `trials.__main__.TRIALS`. Its
docstring describes the faults and the expected result.
"""
