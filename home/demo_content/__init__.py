"""The content with which a new site starts: the facts and figures of the brief as published pages.

`brief.yaml` holds the facts about the Coalition, each figure once. `pages/` holds the text, one file per page, in
folders that match the addresses of the site; `pages/contents.yaml` gives their order and page types.
"""

from .loading import Outcome, SiteInUseError, load

__all__ = ["Outcome", "SiteInUseError", "load"]
