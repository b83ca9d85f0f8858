"""What a subscriber wants to read."""

from dataclasses import dataclass, field
from typing import Any, Self

from .models import SignUp, Subscriber


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """The fields of `Subscriber` that its owner fills in. No region or no topic: all of them."""

    language: str
    regions: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, holder: Subscriber | SignUp) -> Self:
        return cls(
            language=holder.language,
            regions=holder.regions,
            topics=holder.topics,
        )

    def chosen(self) -> dict[str, Any]:
        """Return them as the ledger keeps them."""
        return {"language": self.language, "regions": self.regions, "topics": self.topics}
