"""Logs of production: one JSON object per line on standard output, for any collector."""

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
        # Replaces Django's own handlers, which mail whole requests to administrators.
        "django": {"level": "INFO", "handlers": [], "propagate": True},
        # The log of requests has a line for each; this adds the causes of failures.
        "django.request": {"level": "ERROR", "filters": ["without_outages"]},
        # Scanners constantly request hosts that are not ours.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        # It logs every job with its arguments.
        "procrastinate": {"level": "WARNING"},
    },
}
