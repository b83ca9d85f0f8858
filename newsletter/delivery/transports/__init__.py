"""Ways to a mail server. `interface` says what each of them does, `choice` which one is taken."""
