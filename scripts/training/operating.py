"""Operating points: what a scorecard ends, asks about and misses, and how well it is calibrated.

A detection error trade-off (DET) curve shows misses against false accepts for every threshold
(Martin et al., "The DET curve in assessment of detection task performance", Eurospeech 1997).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from voice_coach.hearing.decision import DecisionRules

    Row = Mapping[str, Any]
    Reals = NDArray[np.float64]

OUTCOMES = ("ended", "asked", "nothing")
REFRACTORY = 1.0
"""Seconds after a report in which nothing else is reported."""
BINS = 8
"""Groups of candidates, by score, in which odds are compared with what was said."""


def holds(row: Row, kind: str) -> bool:
    """Whether a phrase of this kind was said in the sound."""
    return bool(row[f"holds_{kind}"])


def best_scores(rows: Iterable[Row], kind: str, rules: DecisionRules, *, said: bool) -> Reals:
    """Give the best score in each sound in which a phrase of the kind was `said`, or was not.

    It is minus infinity where there is no candidate, or all are vetoed.
    """
    return np.array(
        [
            max((score for _, score in scored(row, kind, rules)), default=-np.inf)
            for row in rows
            if holds(row, kind) == said
        ]
    )


def scored(row: Row, kind: str, rules: DecisionRules) -> Iterator[tuple[Mapping[str, Any], float]]:
    """Give the candidates of a kind that are not vetoed, with their scores."""
    decide = rules.urgent_decision if kind == "urgent" else rules.order_decision
    card = rules.urgent if kind == "urgent" else rules.order
    for each in row["candidates"]:
        if each["kind"] == kind:
            decision = decide(each["features"])
            if decision.tier == card.classify(decision.score):
                yield each, decision.score


def reaches(scores: Reals, share: float) -> float:
    """Give the lowest threshold that no more than this share of the scores reaches.

    It lies half-way between the last score that may pass and the first that may not.
    """
    falling = np.sort(scores)[::-1]
    passing = int(share * len(falling))
    first_out = falling[passing]
    if not np.isfinite(first_out):
        return round(float(falling[np.isfinite(falling)][-1]), 2)
    last_in = falling[passing - 1] if passing else first_out + 1.0
    return round(float((first_out + last_in) / 2), 2)


def det(rows: Sequence[Row], rules: DecisionRules) -> tuple[Reals, Reals]:
    """Give the shares of false accepts and of misses at every threshold, for pain and stop."""
    true = best_scores(rows, "urgent", rules, said=True)
    false = best_scores(rows, "urgent", rules, said=False)
    thresholds = np.unique(np.concatenate((true, false)))[:, None]
    return np.mean(false >= thresholds, axis=1), np.mean(true < thresholds, axis=1)


def calibration(rows: Sequence[Row], rules: DecisionRules) -> list[tuple[float, float, int]]:
    """Give, for groups of like scores, mean probability, share that was said, and number."""
    pairs = [(score, c["said"]) for row in rows for c, score in scored(row, "urgent", rules)]
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
