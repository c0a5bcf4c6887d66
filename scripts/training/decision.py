"""Fits the decision's scorecards to labelled candidates.

A labelled candidate is a line of JSON: its `kind` ("urgent" for pain and stop, or "order"), its
`label` ("confirmed", "possible" or "rejected") and its `features`, as ``CandidateScored`` gives
them. ``candidates_of`` makes such lines of anything that is heard.

The scorecard is an ordinal logistic regression (McCullagh, "Regression models for ordinal data",
Journal of the Royal Statistical Society B 42, 1980): one score, and a threshold for each step from
rejected through possible to confirmed. Each weight has the sign that its feature is given here, so
that a better LLR never makes a phrase less likely. The bias is chosen so that the threshold of
"confirmed" is zero: the score is the log odds of that.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmark.corpus import Corpus

from voice_coach.app import open_listener
from voice_coach.core.events import CandidateScored
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.hearing.decision import parse_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from voice_coach.core.commands import Command
    from voice_coach.core.language import Language
    from voice_coach.hearing.listener import Listener
    from voice_coach.hearing.recognisers import Recognisers

    Row = Mapping[str, Any]

LABELS = ("rejected", "possible", "confirmed")
VETO = 0.25
"""Seconds of a sound of the person without which no phrase is believed while the coach is audible:
the shortest "stop" made 0.34."""
AFTERWARDS = 2.0
"""Seconds of silence that are heard after a sound, so that all of it is decided on."""
BEFORE = 1.0
"""Seconds of silence before a recording, so that the VAD knows the room's noise floor."""
MOST = 10_000
"""More recordings than any kind has."""
STEPS, PACE = 10_000, 0.03
"""Steps of the fit, and how far each goes at most; it has settled after half of them."""
RIDGE = 0.02
"""Weight of the squared weights in the loss: keeps a feature that hardly varies near zero."""


@dataclass(frozen=True)
class Term:
    """How a feature may count."""

    sign: int
    """1 if more of it speaks for the phrase, -1 if against it."""
    high: float = np.inf
    """The feature counts no further than this."""


TERMS = {
    "urgent": {
        "settled_llr": Term(1, 0.0),
        "agrees_with_first_pass": Term(1),
        "paused": Term(1),
        "stands_out": Term(1),
        "activity_seconds": Term(1, 0.3),
        "unvoiced": Term(-1),
        "reconverging": Term(-1),
        "speech_before": Term(-1, 1.0),
        "recent_speech": Term(-1, 1.0),
        "quieter_than_person": Term(-1),
        "rival_lead": Term(-1),
    },
    "order": {
        "best_llr": Term(1),
        "recent_speech": Term(-1, 1.0),
        "reconverging": Term(-1),
        "quieter_than_person": Term(-1),
    },
}
"""The features that count, by kind."""


def read(paths: Iterable[Path]) -> list[Row]:
    """Read labelled candidates."""
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]


def candidates_of(
    listener: Listener,
    language: Language,
    microphone: NDArray[np.float32],
    far_end: NDArray[np.float32],
    said: Command | None,
) -> Iterator[Row]:
    """Let a listener hear a sound, and give its candidates, labelled by what was `said` in it."""
    size = len(microphone) + round(AFTERWARDS * SAMPLE_RATE)
    both = np.zeros((2, -(-size // BLOCK) * BLOCK), np.float32)
    both[0, : len(microphone)], both[1, : len(far_end)] = microphone, far_end
    phrases = language.phrases()
    for at in range(0, both.shape[1], BLOCK):
        for event in listener.hear(both[0, at : at + BLOCK], both[1, at : at + BLOCK]):
            if isinstance(event, CandidateScored) and event.phrase:
                features = dict(event.features)
                right = phrases[event.phrase].command is said
                yield {
                    "kind": "order" if features["is_order"] else "urgent",
                    "label": "confirmed" if right else "rejected",
                    "phrase": event.phrase,
                    "features": features,
                }


def candidates_of_corpus(
    folder: Path, language: Language, recognisers: Recognisers
) -> Iterator[Row]:
    """Give the candidates of all recordings of the tuning part of a corpus, in a quiet room."""
    corpus = Corpus(folder, "tune")
    phrases = language.phrases()
    kinds = [*sorted(phrases.keys() & set(corpus.labels)), "neg_word", "neg_speech"]
    for kind in kinds:
        said = phrases[kind].command if kind in phrases else None
        for recording in corpus.recordings(kind, MOST):
            samples = np.pad(recording.make(), round(BEFORE * SAMPLE_RATE))
            listener = open_listener(language, recognisers)
            listener.listen(accepted(State.HOLDING))
            yield from candidates_of(listener, language, samples, np.zeros(0, np.float32), said)


def fit(rows: Iterable[Row]) -> str:
    """Fit both scorecards; give the content of `decision.toml`."""
    believed = [row for row in rows if not _vetoed(row["features"])]
    parts = ["# Written by scripts/train decision; see docs/hearing.md.\n"]
    parts += [_fitted(kind, [row for row in believed if row["kind"] == kind]) for kind in TERMS]
    parts.append(f"\n[veto]\nactivity_seconds = {VETO}\n")
    return "".join(parts)


def confusion(rows: Iterable[Row], content: Mapping[str, Any]) -> list[str]:
    """Compare labels with what the scorecards say: a line for each kind and label."""
    rules = parse_rules(content)
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        decide = rules.urgent_decision if row["kind"] == "urgent" else rules.order_decision
        counts[row["kind"], row["label"], decide(row["features"]).tier] += 1
    lines = []
    for kind in TERMS:
        for label in reversed(LABELS):
            found = [counts[kind, label, each] for each in reversed(LABELS)]
            if any(found):
                told = ", ".join(
                    f"{n} {name}" for n, name in zip(found, reversed(LABELS), strict=True)
                )
                lines.append(f"{kind}, {label}: {told}")
    return lines


def _vetoed(features: Mapping[str, float]) -> bool:
    return bool(features["coach_audible"]) and features["activity_seconds"] < VETO


def _fitted(kind: str, rows: list[Row]) -> str:
    """Fit one scorecard; give its part of the file."""
    terms = TERMS[kind]
    values = np.array([[min(row["features"][n], t.high) for n, t in terms.items()] for row in rows])
    classes = np.array([LABELS.index(row["label"]) for row in rows])
    final = np.array([bool(row["features"]["last"]) for row in rows])
    signs = [term.sign for term in terms.values()]
    weights, possible, confirmed = _ordinal(values, classes, final, signs)
    lines = [f"\n[{kind}]", f"bias = {-confirmed:.2f}"]
    if kind == "urgent":
        lines.append(f"possible = {possible - confirmed:.2f}")
    lines.append(f"\n[{kind}.weights]")
    for (name, term), weight in zip(terms.items(), weights, strict=True):
        limit = "" if np.isinf(term.high) else f", high = {term.high}"
        lines.append(
            f"{name} = {{ weight = {weight:.2f}{limit} }}" if limit else f"{name} = {weight:.2f}"
        )
    return "\n".join(lines) + "\n"


def _ordinal(
    values: NDArray[np.float64],
    classes: NDArray[np.int64],
    final: NDArray[np.bool_],
    signs: list[int],
) -> tuple[NDArray[np.float64], float, float]:
    """Give the weights, and the thresholds of "possible" and of "confirmed".

    Where a pass is not `final`, it matters only whether it confirms. Adam (Kingma & Ba, "Adam: a
    method for stochastic optimization", ICLR 2015) on all rows at once; after each step a weight of
    the wrong sign is set to zero.
    """
    mean, scale = np.mean(values, axis=0), np.std(values, axis=0) + 1e-6
    scaled, size = (values - mean) / scale, values.shape[1]
    sign = np.array(signs)
    # Weights, the lower threshold, and the logarithm of the upper one's distance from it.
    free = np.concatenate((sign.astype(float), (0.0, 0.0)))
    first, second = np.zeros(size + 2), np.zeros(size + 2)
    for step in range(1, STEPS + 1):
        gap = np.exp(free[size + 1])
        scores = scaled @ free[:size] - free[size]
        by_low, by_high = _slopes(scores, scores - gap, classes, final)
        gradient = np.concatenate(
            (
                scaled.T @ (by_low + by_high) + 2 * RIDGE * free[:size],
                (-np.sum(by_low + by_high), -gap * np.sum(by_high)),
            )
        )
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        pace = PACE * min(1.0, 2 * (1 - step / STEPS))
        free -= pace * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
        free[:size] = np.where(free[:size] * sign > 0, free[:size], 0.0)
    weights = free[:size] / scale
    low = float(free[size] + weights @ mean)
    return weights, low, low + float(np.exp(free[size + 1]))


def _slopes(
    over_low: NDArray[np.float64],
    over_high: NDArray[np.float64],
    classes: NDArray[np.int64],
    final: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the loss's slopes by how far each score is over the lower and the upper threshold."""
    low, high = _logistic(over_low), _logistic(over_high)
    between = np.maximum(low - high, 1e-12)
    rejected, confirmed = classes == 0, classes == LABELS.index("confirmed")
    possible = final & ~rejected & ~confirmed
    by_low = np.where(final & rejected, low, 0.0)
    by_low = np.where(possible, -low * (1 - low) / between, by_low)
    by_high = np.where(confirmed, high - 1, np.where(final, 0.0, high))
    by_high = np.where(possible, high * (1 - high) / between, by_high)
    return by_low, by_high


def _logistic(values: NDArray[np.float64]) -> NDArray[np.float64]:
    logistic: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(values, -50, 50)))
    return logistic
