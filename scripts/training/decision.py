"""Fits the decision's scorecards to what was truly said, and reads thresholds off the DET curve.

A row is one sound that ``training.candidates`` played: its set, what was said, and the candidates
in it. The scorecard is a logistic regression over single candidates (a sound counts once, however
many candidates it has), so its score is the log odds that the phrase was said. Each weight has the
sign that its feature is given here: a better LLR never makes a phrase less likely. The thresholds
are those that a stated share of the sounds without the phrase reaches.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from training.operating import best_scores, reaches
from voice_coach.hearing.decision import parse_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from voice_coach.hearing.decision import DecisionRules

    Row = Mapping[str, Any]
    Reals = NDArray[np.float64]

VETO = 0.25
"""Seconds of a sound of the person without which no phrase is believed while the coach is audible:
the shortest "stop" made 0.34."""
ENDS, ASKS = 0.003, 0.01
"""Shares of the sounds without pain or stop that may end a routine, and raise a question."""
ORDERS = 0.01
"""Share of the sounds without an order that may be taken for one."""
STEPS, PACE = 6_000, 0.03
"""Steps of the fit, and how far each goes at most; it has settled after half of them."""
RIDGE = 0.5
"""Weight of the squared weights in the loss: keeps a feature that hardly varies near zero."""


@dataclass(frozen=True)
class Term:
    """How a feature may count."""

    sign: int
    """1 if more of it speaks for the phrase, -1 if against it."""
    high: float = np.inf
    """The feature counts no further than this."""


TERMS: Mapping[str, Mapping[str, Term]] = {
    "urgent": {
        "settled_llr": Term(1),
        "best_llr": Term(1),
        "worse_llr": Term(1),
        "agrees_with_first_pass": Term(1),
        "paused": Term(1),
        "unvoiced": Term(-1),
        "reconverging": Term(-1),
        "speech_before": Term(-1, 1.0),
        "recent_speech": Term(-1, 1.0),
        "quieter_than_person": Term(-1),
    },
    "order": {
        "best_llr": Term(1),
        "worse_llr": Term(1),
        "recent_speech": Term(-1, 1.0),
        "reconverging": Term(-1),
        "quieter_than_person": Term(-1),
    },
}
"""The features that count, by kind."""


def read(paths: Iterable[Path]) -> list[Row]:
    """Read rows."""
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def fit(rows: Sequence[Row]) -> dict[str, Any]:
    """Fit both scorecards; give the content of `decision.toml`."""
    content: dict[str, Any] = {"veto": {"activity_seconds": VETO}}
    for kind in TERMS:
        content[kind] = {"confirmed": 0.0} | _fitted(kind, rows)
    rules = parse_rules(content)
    content["urgent"]["confirmed"] = _threshold(rows, "urgent", rules, ENDS)
    content["urgent"]["possible"] = _threshold(rows, "urgent", rules, ASKS)
    content["order"]["confirmed"] = _threshold(rows, "order", rules, ORDERS)
    return content


def _threshold(rows: Sequence[Row], kind: str, rules: DecisionRules, share: float) -> float:
    """Give the score that `share` of the sounds reach in which nothing was said."""
    return reaches(best_scores(rows, kind, rules, said=False), share)


def _fitted(kind: str, rows: Sequence[Row]) -> dict[str, Any]:
    terms = TERMS[kind]
    values, said, counts = [], [], []
    for row in rows:
        found = [c for c in row["candidates"] if c["kind"] == kind and not vetoed(c["features"])]
        for each in found:
            values.append([each["features"][name] for name in terms])
            said.append(each["said"])
            counts.append(1 / len(found))
    limits = np.array([term.high for term in terms.values()])
    signs = np.array([term.sign for term in terms.values()])
    clipped = np.minimum(np.array(values), limits)
    weights, bias = _logistic_regression(clipped, np.array(said), np.array(counts), signs)
    entries = {}
    for (name, term), weight in zip(terms.items(), weights, strict=True):
        entry = {"weight": round(float(weight), 2)}
        entry |= {} if np.isinf(term.high) else {"high": term.high}
        entries[name] = entry
    return {"bias": round(bias, 2), "weights": entries}


def vetoed(features: Mapping[str, float]) -> bool:
    """Whether nobody made a sound while the coach spoke."""
    return bool(features["coach_audible"]) and features["activity_seconds"] < VETO


def _logistic_regression(
    values: Reals, said: NDArray[np.bool_], counts: Reals, signs: NDArray[np.int64]
) -> tuple[Reals, float]:
    """Give the weights and the bias.

    Adam (Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015) on all rows at once;
    after each step a weight of the wrong sign is set to zero.
    """
    mean, scale = np.mean(values, axis=0), np.std(values, axis=0) + 1e-6
    inputs = np.column_stack(((values - mean) / scale, np.ones(len(values))))
    ridge = np.append(np.full(len(signs), 2 * RIDGE), 0.0)
    free = np.append(signs.astype(float), 0.0)
    first, second = np.zeros(len(free)), np.zeros(len(free))
    for step in range(1, STEPS + 1):
        odds = np.clip(inputs @ free, -50, 50)
        gradient = inputs.T @ (counts * (1 / (1 + np.exp(-odds)) - said)) + ridge * free
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        pace = PACE * min(1.0, 2 * (1 - step / STEPS))
        free -= pace * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
        free[:-1] = np.where(free[:-1] * signs > 0, free[:-1], 0.0)
    weights = free[:-1] / scale
    return weights, float(free[-1] - weights @ mean)


def written(content: Mapping[str, Any]) -> str:
    """Give the text of `decision.toml`."""
    parts = ["# Written by scripts/train decision; see docs/hearing.md.\n"]
    for kind in TERMS:
        part = content[kind]
        numbers = [name for name in ("bias", "confirmed", "possible") if name in part]
        parts += [f"\n[{kind}]\n", *(f"{name} = {part[name]:.2f}\n" for name in numbers)]
        parts.append(f"\n[{kind}.weights]\n")
        for name, entry in part["weights"].items():
            inner = ", ".join(f"{key} = {value}" for key, value in entry.items())
            parts.append(f"{name} = {{ {inner} }}\n")
    parts.append(f"\n[veto]\nactivity_seconds = {content['veto']['activity_seconds']}\n")
    return "".join(parts)
