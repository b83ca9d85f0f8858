"""Permissions of staff on error reports."""

from collections.abc import Iterable

from core.models import User
from core.staff_accounts.permissions import compares
from record.models import RegionTeam
from record.permissions import RegionPolicy

from .models import ErrorReport


class ErrorReportPolicy(RegionPolicy):
    """Lets a region's team read and close the reports of its region. Nobody may add one: readers send them."""

    region_lookup = "country__region"
    team_actions = frozenset({"view", "change"})
    never = frozenset({"add"})


@compares(RegionTeam)
def teams_beyond(user: User) -> Iterable[int]:
    """Return the groups of regional teams whose reports the user may not close."""
    return ErrorReportPolicy(ErrorReport).teams_beyond(user, {"change"})
