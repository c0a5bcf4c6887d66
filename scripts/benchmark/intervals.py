"""How far a measured figure may be from the truth: 95 % intervals without a statistics library."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Z = 1.959964
"""Standard deviations that hold 95 % of a normal distribution."""
TAIL = 0.025
"""Probability that may lie on each side of an interval."""


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Bound a proportion of `hits` in `trials` (Wilson, JASA 22, 1927); all of it without trials.

    Unlike the textbook's, this interval is honest for none and for all of few.
    """
    if not trials:
        return 0.0, 1.0
    share = hits / trials
    weight = 1 + Z**2 / trials
    middle = (share + Z**2 / (2 * trials)) / weight
    reach = Z * math.sqrt(share * (1 - share) / trials + Z**2 / (4 * trials**2)) / weight
    low = middle - reach if hits else 0.0
    high = middle + reach if hits < trials else 1.0
    return low, high


def poisson(count: int, exposure: float) -> tuple[float, float]:
    """Bound a rate from `count` events in `exposure` (exact: Garwood, Biometrika 28, 1936).

    The lower bound makes so many events or more, the upper so many or fewer, as unlikely as
    `TAIL`. In units of one over `exposure`'s.
    """
    if exposure <= 0:
        return 0.0, math.inf
    most = count + 10 * math.sqrt(count + 1) + 20
    low = 0.0
    if count:
        low = _root(lambda mean: 1 - _at_most(count - 1, mean) - TAIL, 0.0, float(count))
    high = _root(lambda mean: TAIL - _at_most(count, mean), float(count), most)
    return low / exposure, high / exposure


def ratio(counts: Sequence[float], sizes: Sequence[float]) -> tuple[float, float, float]:
    """Give the sum of `counts` over that of `sizes` and its bounds; NaN without any.

    What is drawn is a pair, as a sentence with its errors and its words (Cochran, "Sampling
    Techniques", 1977, ratio estimate).
    """
    if not sum(sizes):
        return math.nan, math.nan, math.nan
    share = sum(counts) / sum(sizes)
    squares = sum((count - share * size) ** 2 for count, size in zip(counts, sizes, strict=True))
    pairs = len(counts)
    reach = Z * math.sqrt(pairs / max(pairs - 1, 1) * squares) / sum(sizes)
    return share, max(0.0, share - reach), share + reach


def quantile(values: Sequence[float], share: float) -> tuple[float, float, float]:
    """Give the quantile of `values` and its bounds by order statistics; NaN without values.

    How many values lie below the true quantile is binomial; its normal approximation is within
    one rank of it from about twenty values on.
    """
    if not values:
        return math.nan, math.nan, math.nan
    ordered = sorted(values)
    last = len(ordered) - 1
    reach = Z * math.sqrt(len(ordered) * share * (1 - share))
    places = (share * last, share * last - reach, share * last + reach + 1)
    middle, low, high = (ordered[min(max(round(place), 0), last)] for place in places)
    return middle, low, high


def _at_most(count: int, mean: float) -> float:
    """Give the probability that a Poisson variable of this mean is `count` or less."""
    if mean <= 0:
        return 1.0
    log_mean = math.log(mean)
    return sum(math.exp(k * log_mean - mean - math.lgamma(k + 1)) for k in range(count + 1))


def _root(rising: Callable[[float], float], low: float, high: float) -> float:
    """Halve the interval in which `rising` crosses zero until it is a point."""
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
