""" "Report an error": the form of a country's page, what is done with what it brings, and its list for staff."""
