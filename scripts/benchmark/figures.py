"""A measured figure, its 95 % interval and how it is written; a row of them beside a target."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmark.intervals import poisson, quantile, ratio, wilson
from benchmark.reports import OURS

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Figure:
    """One number of one contender."""

    value: float
    """NaN if there was nothing to measure."""
    low: float
    """Lower end of the 95 % interval."""
    high: float
    text: str
    """The number with its interval and on how much it stands."""

    @property
    def known(self) -> bool:
        """Whether anything was measured."""
        return not math.isnan(self.value)


NOTHING = Figure(math.nan, math.nan, math.nan, "–")
"""Not measured."""


def proportion(hits: int, trials: int) -> Figure:
    """Give a share in percent, with Wilson's interval."""
    if not trials:
        return NOTHING
    low, high = wilson(hits, trials)
    share = 100 * hits / trials
    text = f"{share:.1f} % ({100 * low:.1f}–{100 * high:.1f}; {hits} of {trials})"
    return Figure(share, 100 * low, 100 * high, text)


def rate(count: int, seconds: float) -> Figure:
    """Give events an hour, with the exact Poisson interval."""
    if not seconds:
        return NOTHING
    hours = seconds / 3600
    low, high = poisson(count, hours)
    text = f"{count / hours:.1f}/h ({low:.1f}–{high:.1f}; {count} in {hours:.2f} h)"
    return Figure(count / hours, low, high, text)


def share_of(values: Sequence[float], part: float, unit: str = "s", digits: int = 2) -> Figure:
    """Give a quantile, with its bounds by order statistics; infinite is never."""
    if not values:
        return NOTHING
    middle, low, high = found = quantile(values, part)
    value, least, most = (f"{each:,.{digits}f}".replace("inf", "∞") for each in found)
    return Figure(middle, low, high, f"{value} {unit} ({least}–{most}; n {len(values)})")


def share_of_time(parts: Sequence[float], totals: Sequence[float]) -> Figure:
    """Give a share of the time in percent; each scene's seconds, and of how many."""
    if not sum(totals):
        return NOTHING
    value, low, high = (100 * each for each in ratio(parts, totals))
    if len(totals) == 1:
        low, high = 0.0, 100.0  # one scene tells nothing about how scenes differ
    text = f"{value:.1f} % ({low:.1f}–{high:.1f}; {sum(parts):.0f} s in {sum(totals) / 3600:.2f} h)"
    return Figure(value, low, high, text)


def plain(value: float, text: str) -> Figure:
    """Give a number that has no interval."""
    return Figure(value, value, value, text)


@dataclass
class Row:
    """One measure, of everybody who was measured."""

    measure: str
    limit: float
    """The target: the figure is to lie at or on the good side of it; NaN if there is none."""
    figures: dict[str, Figure] = field(default_factory=dict)
    """By contender."""
    at_most: bool = True
    """Whether the target is an upper limit."""
    unit: str = ""

    @property
    def target(self) -> str:
        """Write the target."""
        if math.isnan(self.limit):
            return "–"
        return f"{'<=' if self.at_most else '>='} {self.limit:g}{self.unit}"

    @property
    def verdict(self) -> str:
        """Tell whether we reached it, and whether the whole interval did."""
        ours = self.figures.get(OURS, NOTHING)
        if not ours.known or math.isnan(self.limit):
            return "–"
        worst = ours.high if self.at_most else ours.low

        def reached(value: float) -> bool:
            return value <= self.limit if self.at_most else value >= self.limit

        if not reached(ours.value):
            return "missed"
        return "met" if reached(worst) else "met, not yet sure"
