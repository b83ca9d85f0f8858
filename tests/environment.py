"""Sets up other processes to work on the tests' database."""

import os
from urllib.parse import quote

from django.db import connection


def environment_of_tests() -> dict[str, str]:
    """Return the environment variables for a process that a test starts."""
    database = connection.settings_dict
    account = f"{quote(database['USER'])}:{quote(database['PASSWORD'] or '')}"
    where = f"host={quote(database['HOST'], safe='')}&port={database['PORT']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "coalition_site.settings.test",
        "DATABASE_URL": f"postgres://{account}@/{database['NAME']}?{where}",
    }
