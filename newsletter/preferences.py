"""What a subscriber wants to read."""

from dataclasses import dataclass, field
from typing import Any, Self

from .models import Subscriber


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """The fields of `Subscriber` that its owner fills in. No region or no topic: all of them."""

    language: str
    name: str = ""
    regions: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, subscriber: Subscriber) -> Self:
        return cls(
            language=subscriber.language,
            name=subscriber.name,
            regions=subscriber.regions,
            topics=subscriber.topics,
        )

    def chosen(self) -> dict[str, Any]:
        """As the ledger keeps them: without the name, which it must not know."""
        return {"language": self.language, "regions": self.regions, "topics": self.topics}
