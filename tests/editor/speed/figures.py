"""Figures, as the tables of BENCHMARKS.md have them."""

from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Times:
    """Of many keys, in seconds."""

    all: list[float]

    @property
    def median(self) -> float:
        return median(self.all) * 1000

    @property
    def p95(self) -> float:
        return quantiles(self.all, n=100, method="inclusive")[94] * 1000

    def row(self, what: str, limit: "Times | None" = None) -> str:
        """A line of a table, beside the limit, which it has to hold in both."""
        if limit is None:
            return f"| {what} | {self.median:.2f} | {self.p95:.2f} | 1.00 | 1.00 |  |"
        ratios = self.median / limit.median, self.p95 / limit.p95
        bar = "≤ 1" if max(ratios) <= 1 else "MISSED ≤ 1"
        return f"| {what} | {self.median:.2f} | {self.p95:.2f} | {ratios[0]:.2f} | {ratios[1]:.2f} | {bar} |"


def against(figure: float, most: float, unit: str) -> str:
    """A figure with its bar."""
    return f"{figure:.1f} {unit} ({'≤' if figure <= most else 'MISSED ≤'} {most:g} {unit})"
