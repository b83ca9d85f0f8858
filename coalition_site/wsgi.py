"""The WSGI application that gunicorn serves."""

import os
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coalition_site.settings.production")
os.environ.setdefault(
    "DATABASE_TIMEOUTS", "web"
)  # Read by the settings: web processes need short timeouts, because visitors wait for them.

django_application = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Pass the request to Django, or answer 400 if it has a SCRIPT_NAME, which would put the site below a prefix.

    gunicorn takes SCRIPT_NAME from a header unless `gunicorn.conf.py` forbids it. `/x/admin/` with `SCRIPT_NAME: /x`
    would reach the admin past a rule of the proxy on `/admin/`.
    """
    if environ.get("SCRIPT_NAME"):
        status = HTTPStatus.BAD_REQUEST
        start_response(
            f"{status.value} {status.phrase}",
            [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")],
        )
        return [b"The site is served at the root of its host: SCRIPT_NAME must be empty.\n"]
    return django_application(environ, start_response)
