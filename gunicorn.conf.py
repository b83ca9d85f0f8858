"""How gunicorn runs the site. Defaults are for two cores; the environment changes what differs."""

import os
from pathlib import Path

wsgi_app = "coalition_site.wsgi:application"
bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"

# One process a core, since Python code runs on one; threads cover the waits for the database and for slow clients.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# Each worker loads the application itself: connections, pools and threads never cross a fork.
preload_app = False

timeout = 30
graceful_timeout = 20
keepalive = 75  # Longer than the proxies in front, so that they are the ones to close.
# A worker is replaced now and then, in case some library loses memory. Its pages are rendered again.
max_requests = 20_000
max_requests_jitter = 5_000
# The sign of life is a file: on a disk it can block.
if Path("/dev/shm").is_dir():  # noqa: S108 - memory, not a shared temporary folder
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# The application writes a line for each request; gunicorn's own would hold addresses and query strings.
accesslog = None
control_socket_disable = True
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "coalition_site.core.json_logs.JsonFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False}},
}
