"""Figures, their comparison and the rows of the table."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["s", "MB", "MB/s", "requests", "requests/s"]


@dataclass(frozen=True)
class Figure:
    """One measured quantity: the median of its samples unless `value` is something else, such as a percentile."""

    samples: tuple[float, ...]
    unit: Unit
    at: float | None = None

    @property
    def value(self) -> float:
        return self.at if self.at is not None else statistics.median(self.samples)

    def __str__(self) -> str:
        text = show(self.value, self.unit)
        if self.at is None and len(self.samples) > 1:
            low, high = show(min(self.samples), self.unit), show(max(self.samples), self.unit)
            if low != high:
                text += f" ({low} to {high})"
        return text


def figure(samples: list[float], unit: Unit) -> Figure:
    return Figure(tuple(samples), unit)


def percentile(samples: list[float], share: float, unit: Unit) -> Figure:
    """The smallest sample that at least this share of them does not exceed."""
    return Figure(tuple(samples), unit, sorted(samples)[math.ceil(len(samples) * share) - 1])


def show(value: float, unit: Unit) -> str:
    if unit == "s":
        return f"{value:.1f} s" if value >= 10 else f"{value:.2f} s" if value >= 1 else _milliseconds(value * 1000)
    if unit == "requests":
        return f"{value:,.0f}" if value == int(value) or value >= 100 else f"{value:.1f}"
    return f"{value:.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"


def _milliseconds(value: float) -> str:
    return f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms" if value >= 1 else f"{value:.2f} ms"


@dataclass(frozen=True)
class Budget:
    """What the design asks for: `measured` is at most (or at least) `bound`, both in the unit that `text` speaks of."""

    text: str
    measured: float
    bound: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    def __str__(self) -> str:
        if self.bound == 0:
            return "met" if self.met else f"**missed by {self.measured:g}**"
        off = abs(self.measured / self.bound - 1)
        return f"met, {off:.0%} to spare" if self.met else f"**missed by {off:.0%}**"


@dataclass(frozen=True)
class Row:
    what: str
    ours: Figure
    limit: Figure | None = None
    v1: Figure | None = None
    other: Figure | None = None
    other_name: str = ""
    budget: Budget | None = None
    note: str = ""


@dataclass
class Results:
    rows: list[Row] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)  # step -> why
    facts: dict[str, str] = field(default_factory=dict)  # about the run and the machine
