"""How fast the pages are, against two yardsticks under the same gunicorn in the same run. `make bench` runs it."""
