"""A figure, the aim it is held against, and where the figures go."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path("build/bench.json")


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`, at most `aim` or `at_least` so much. `ratio` is value / `compared_to`."""

    name: str
    value: float
    unit: str
    aim: float
    compared_to: float | None = None
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        return round(self.value / self.compared_to, 3) if self.compared_to else None

    @property
    def met(self) -> bool:
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    def __str__(self) -> str:
        verdict = "met" if self.met else "NOT MET"
        bound = "≥" if self.at_least else "≤"
        return f"{self.name:<58} {self.value:>9.1f} {self.unit:<4} aim {bound} {self.aim:g}  {verdict}"


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which `percent` of 100 of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def write(figures: Sequence[Figure]) -> None:
    FILE.parent.mkdir(exist_ok=True)
    rows = [{**asdict(figure), "ratio": figure.ratio, "met": figure.met} for figure in figures]
    FILE.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
