"""Services of staff for subscribers: imports of lists, reconfirmation, and requests of persons."""
