"""Benchmarks: the speed of the site beside yardsticks measured in the same run. `make bench` runs them.

Pages are compared with two applications under the same gunicorn, mailings with loops that only send. `make bench
ARGS="--only newsletter"` measures one of the two.
"""
