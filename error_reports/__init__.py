"""Error reports: the form on a country's page, the handling of reports, and their list for staff."""
