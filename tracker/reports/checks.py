"""Tells whoever starts or deploys the site that its report cannot be printed here."""

from typing import Any

from django.core import checks

from .libraries import missing_libraries


@checks.register
def libraries_are_there(**kwargs: Any) -> list[checks.CheckMessage]:
    missing = missing_libraries()
    if not missing:
        return []
    return [
        checks.Warning(
            f"The PDF of the yearly report cannot be made on this machine: {', '.join(missing)} is missing.",
            hint="On Debian: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0. Only workers need it.",
            id="regions.W001",
        )
    ]
