"""Configures gunicorn. Defaults are for two cores; environment variables override them."""

import os
from pathlib import Path
from typing import Any

import gunicorn.http.parser

wsgi_app = "coalition_site.wsgi:application"
bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"

# One process per core, since Python code runs on one; threads cover the waits for the database. WEB_THREADS of them
# handle requests that need it (core/database/gate.py). The same number of further threads serve pages from memory
# meanwhile.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 2 * int(os.environ.get("WEB_THREADS", "4"))
# Each worker loads the application itself: connections, pools and threads never cross a fork.
preload_app = False

timeout = 30
graceful_timeout = 20
# Headers of a client must not become variables of the server: SCRIPT_NAME would move the site to another address.
forwarder_headers = ""
keepalive = 75  # Longer than the timeout of the proxies in front, so that they close idle connections first.
# Workers are replaced from time to time, in case a library leaks memory. A new one starts with an empty page cache.
max_requests = 20_000
max_requests_jitter = 5_000
# Some responses are sent before the whole body is read: 404, 405, the redirect to sign-in. gunicorn then reads at most
# 64 KiB of the rest, for at most five seconds, and otherwise closes a connection that it has just promised to keep. The
# next request on it would be lost, and often the response as well.
MOST_BODY = 32 * 1024 * 1024  # bytes; more than nginx.conf accepts
gunicorn.http.parser._DRAIN_MAX_BYTES = MOST_BODY


def pre_request(_worker: Any, request: Any) -> None:
    """Tell the client that the connection ends after a body that may be too long to be read to its end."""
    lengths = [value for name, value in request.headers if name == "CONTENT-LENGTH"]
    if any(int(length) >= MOST_BODY for length in lengths):
        request.force_close()


# Workers show that they are alive by touching a file, which could block on a disk.
if Path("/dev/shm").is_dir():  # noqa: S108 - memory, not a shared temporary folder
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# The application writes a line for each request; gunicorn's own would hold addresses and query strings.
accesslog = None
control_socket_disable = True
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
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
