"""The results that a trial reports."""

from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Finding:
    """A measurement, its expected value, and whether the expectation was met."""

    what: str
    measured: str
    expected: str
    met: bool

    @classmethod
    def at_most(cls, what: str, value: float, bound: float, unit: str = "") -> "Finding":
        return cls(what, f"{value:.4g}{unit}", f"at most {bound:g}{unit}", value <= bound)

    @classmethod
    def equal(cls, what: str, value: object, expected: object) -> "Finding":
        return cls(what, str(value), str(expected), value == expected)

    def __str__(self) -> str:
        verdict = "" if self.met else "  MISSED"
        return f"  {self.what:<58} {self.measured:>14}   expected {self.expected}{verdict}"


def percentile(values: list[float], percent: int) -> float:
    """Return the value below which `percent` % of the values lie. Needs at least two values."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]
