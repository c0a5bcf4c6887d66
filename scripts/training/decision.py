"""Fits the scorecard of pain and stop to what was truly said, and chooses its thresholds.

A row is one sound that ``training.candidates`` played: its set, what was said, and the candidates
in it. It is a logistic regression over single candidates (a sound counts once, however
many candidates it has), so its score is the log odds that the phrase was said. Each weight has the
sign that its feature is given here: a better LLR never makes a phrase less likely. The thresholds
are points of the DET curve: a stated share of the sounds without the phrase reaches them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from training.operating import best_scores, is_settled, reaches
from voice_coach.hearing.decision import Veto, parse_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Row = Mapping[str, Any]
    Reals = NDArray[np.float64]

VETO = Veto(activity_seconds=0.25, asks=4.0)
"""How much of a sound of the person it takes while the coach is audible; set by hand. Of 130 cries
over the coach, five were vetoed whose phrase was found: two made 0.18 and 0.22 s of sound, nearly
all of it speech; the others made next to none, with scores of 3.9 to 6.4. A distorting loudspeaker
was taken for "ouch", 0.1 s after the first pass, with a score of 3.4."""
ENDS, ASKS = 0.007, 0.025
"""Shares of the sounds without pain or stop that may end a routine, and raise a question."""
NOBODY, ALONE = "nobody", 15.0
"""Label of a sound in which nobody does anything, and how many times each counts: the coach speaks
alone most of the time, and a cry is rare."""
STEPS, PACE = 6_000, 0.03
"""Steps of the fit, and how far each goes at most; it has settled after half of them."""
RIDGE = 0.5
"""Weight of the squared weights in the loss: keeps a feature that hardly varies near zero."""


@dataclass(frozen=True)
class Term:
    """How a feature may be weighed."""

    sign: int
    """1 if its weight must be positive, -1 if negative."""
    high: float = np.inf
    """Larger values count as this one."""


TERMS: Mapping[str, Term] = {
    "settled_llr": Term(1),
    "agrees_with_first_pass": Term(1),
    "stands_out": Term(1),
    "reconverging": Term(-1),
    "other_speech": Term(-1, 3.0),
    "quieter_than_person": Term(-1),
    "rival_lead": Term(-1),
    "exclamation": Term(-1),
}
"""The features that count for pain and stop."""


def read(paths: Iterable[Path]) -> list[Row]:
    """Read rows."""
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def fit(rows: Sequence[Row], shipped: Mapping[str, Any]) -> dict[str, Any]:
    """Fit the scorecard of pain and stop; give the content of `decision.toml`.

    That of the other phrases, and the weights of both, stay as they are in the `shipped` one.
    """
    content = {
        "urgent": {"confirmed": 0.0} | _fitted(rows),
        "order": shipped["order"],
        "both": shipped["both"],
        "veto": asdict(VETO),
    }
    other = best_scores(rows, parse_rules(content), said=False)
    content["urgent"]["confirmed"] = reaches(other, ENDS)
    content["urgent"]["possible"] = reaches(other, ASKS)
    return content


def _fitted(rows: Sequence[Row]) -> dict[str, Any]:
    values, said, counts = [], [], []
    for row in rows:
        found = [c for c in row["candidates"] if c["kind"] == "urgent" and _counts(c["features"])]
        for each in found:
            values.append([each["features"][name] for name in TERMS])
            said.append(each["said"])
            counts.append((ALONE if row["label"] == NOBODY else 1.0) / len(found))
    limits = np.array([term.high for term in TERMS.values()])
    signs = np.array([term.sign for term in TERMS.values()])
    limited = np.minimum(np.array(values), limits)
    weights, bias = _logistic_regression(limited, np.array(said), np.array(counts), signs)
    entries: dict[str, Any] = {}
    for (name, term), weight in zip(TERMS.items(), weights, strict=True):
        rounded = round(float(weight), 2)
        limited_at = {"weight": rounded, "high": term.high}
        if rounded:
            entries[name] = rounded if np.isinf(term.high) else limited_at
    return {"bias": round(bias, 2), "weights": entries}


def _counts(features: Mapping[str, float]) -> bool:
    """Whether a candidate is settled, and not vetoed."""
    return is_settled(features) and not VETO.forbids(features)


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
    for kind in ("urgent", "order"):
        part = content[kind]
        numbers = [name for name in ("bias", "confirmed", "possible") if name in part]
        parts += [f"\n[{kind}]\n", *(f"{name} = {part[name]:.2f}\n" for name in numbers)]
        parts += _weights(kind, part)
    parts += _weights("both", content["both"])
    parts.append("\n[veto]\n")
    parts += [f"{name} = {value}\n" for name, value in content["veto"].items()]
    return "".join(parts)


def _weights(kind: str, part: Mapping[str, Any]) -> list[str]:
    entries = (f"{name} = {_entry(value)}\n" for name, value in part["weights"].items())
    return [f"\n[{kind}.weights]\n", *entries]


def _entry(value: float | Mapping[str, float]) -> str:
    if isinstance(value, (int, float)):
        return f"{value:.2f}"
    inner = ", ".join(f"{name} = {number:.2f}" for name, number in value.items())
    return f"{{ {inner} }}"
