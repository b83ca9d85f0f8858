"""The content that a new site starts with: the brief's facts and figures as published pages.

`brief.yaml` holds what the Coalition says of itself, each figure once. `pages/` holds the prose, one file a page,
in folders like the site's own addresses; `pages/contents.yaml` gives their order and kinds.
"""

from .loading import Outcome, SiteInUseError, load

__all__ = ["Outcome", "SiteInUseError", "load"]
