"""Logs of production: one JSON object a line on the standard output, for whatever collects them."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
    "filters": {
        "refusals": {"()": "core.logs.RefusalsAreNoFaults"},
        "without_outages": {"()": "core.database.gate.WithoutOutages"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["refusals"],
            "stream": "ext://sys.stdout",
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"level": "INFO", "handlers": ["stdout"]},
    "loggers": {
        # Without Django's own handlers, which mail whole requests to administrators.
        "django": {"level": "INFO", "handlers": [], "propagate": True},
        # Every request has its line already; this adds why a request failed.
        "django.request": {"level": "ERROR", "filters": ["without_outages"]},
        # Scanners ask for hosts that are not ours all day.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        # It tells of each job with its arguments.
        "procrastinate": {"level": "WARNING"},
    },
}
