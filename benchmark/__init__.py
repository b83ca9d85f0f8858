"""How fast the site is, against yardsticks in the same run. `make bench` runs it.

Pages are held against two applications under the same gunicorn, mailings against loops that do nothing but send.
`make bench ARGS="--only newsletter"` measures one of the two.
"""
