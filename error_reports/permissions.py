"""Who of the staff may do what with reports of errors."""

from collections.abc import Iterable

from core.models import User
from core.staff_accounts.permissions import compares
from record.models import RegionTeam
from record.permissions import RegionPolicy

from .models import ErrorReport


class ErrorReportPolicy(RegionPolicy):
    """A region's team reads and closes the reports of its region. Nobody writes one: they come from readers."""

    region_lookup = "country__region"
    team_actions = frozenset({"view", "change"})
    never = frozenset({"add"})


@compares(RegionTeam)
def teams_beyond(user: User) -> Iterable[int]:
    """Teams of regions whose reports the user may not close."""
    return ErrorReportPolicy(ErrorReport).teams_beyond(user, {"change"})
