"""Operating points: what a scorecard ends, asks about and misses, and how well it is calibrated.

A detection error trade-off (DET) curve shows misses against false accepts for every threshold
(Martin et al., "The DET curve in assessment of detection task performance", Eurospeech 1997).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from voice_coach.hearing.endpointer import REFRACTORY
from voice_coach.hearing.second_pass import LLR_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from voice_coach.hearing.decision import DecisionRules

    Row = Mapping[str, Any]
    Reals = NDArray[np.float64]

OUTCOMES = ("ended", "asked", "nothing")
JUST = 0.01
"""By how much a threshold is above the highest score that it rejects."""
BINS = 8
"""Groups of candidates, by score, in which odds are compared with what was said."""


def best_scores(rows: Iterable[Row], rules: DecisionRules, *, said: bool) -> Reals:
    """Give the best score in each sound in which pain or stop was `said`, or was not.

    It is minus infinity where there is no candidate, or all are vetoed.
    """
    return np.array(
        [
            max((score for _, score in scored(row, rules)), default=-np.inf)
            for row in rows
            if row["holds_urgent"] == said
        ]
    )


def scored(row: Row, rules: DecisionRules) -> Iterator[tuple[Mapping[str, Any], float]]:
    """Give the candidates of pain and stop that are not vetoed, with their scores."""
    for each in row["candidates"]:
        if each["kind"] == "urgent":
            decision = rules.urgent_decision(each["features"])
            if decision.tier == rules.urgent.classify(decision.score):
                yield each, decision.score


def is_settled(features: Mapping[str, float]) -> bool:
    """Whether a candidate is more than the first pass over a voice that goes on.

    Such a pass has no settled LLR yet, whatever was said.
    """
    return bool(features["paused"]) or features["previous_llr"] > LLR_MIN


def reaches(scores: Reals, share: float) -> float:
    """Give the lowest threshold that no more than this share of the scores reaches."""
    falling = np.sort(scores[np.isfinite(scores)])[::-1]
    passing = int(share * len(scores))
    first_out = falling[passing] if passing < len(falling) else falling[-1] - JUST
    return round(float(first_out) + JUST, 2)


def det(rows: Sequence[Row], rules: DecisionRules) -> tuple[Reals, Reals]:
    """Give the shares of false accepts and of misses at every threshold, for pain and stop."""
    true = best_scores(rows, rules, said=True)
    false = best_scores(rows, rules, said=False)
    thresholds = np.unique(np.concatenate((true, false)))[:, None]
    return np.mean(false >= thresholds, axis=1), np.mean(true < thresholds, axis=1)


def calibration(rows: Sequence[Row], rules: DecisionRules) -> list[tuple[float, float, int]]:
    """Give, for groups of like scores, mean probability, share that was said, and number."""
    pairs = [
        (score, c["said"])
        for row in rows
        for c, score in scored(row, rules)
        if is_settled(c["features"])
    ]
    pairs.sort()
    groups = np.array_split(np.array(pairs, float).reshape(-1, 2), BINS)
    return [
        (float(np.mean(1 / (1 + np.exp(-g[:, 0])))), float(np.mean(g[:, 1])), len(g))
        for g in groups
        if len(g)
    ]


def outcomes(row: Row, rules: DecisionRules) -> list[str]:
    """Give all that is reported of pain and stop in a sound: one "ended" or "asked" for each."""
    reported: list[str] = []
    last = -np.inf
    for each in sorted(row["candidates"], key=lambda c: float(c["at"])):
        if each["kind"] != "urgent" or each["at"] - last <= REFRACTORY:
            continue
        tier = rules.urgent_decision(each["features"]).tier
        if tier == "confirmed" or (tier == "possible" and each["features"]["last"]):
            reported.append("ended" if tier == "confirmed" else "asked")
            last = each["at"]
    return reported


def table(rows: Iterable[Row], rules: DecisionRules) -> dict[str, Counter[str]]:
    """Count, by set, the sounds of which the first report ended, asked, or was none."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        first = [*outcomes(row, rules), "nothing"][0]
        counts[row["set"]][first] += 1
    return dict(counts)
