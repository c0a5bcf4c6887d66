"""The decision: named features of a candidate in, one score and one tier out.

It is a scorecard: the score is a weighted sum of the features, the log odds that the phrase was
said. At or above one threshold the phrase is confirmed; at or above a lower one it is possible, and
the coach asks. All numbers are in `data/decision.toml`. ``scripts/train decision`` fits the weights
to what was truly said, and chooses the thresholds by the share of other sounds that reach them.
`docs/hearing.md` explains every feature.

There is one veto: a phrase while the coach speaks and nobody makes a sound is rejected, for a
loudspeaker that distorts can make other words sound like pain, and both passes agree on them. But
the near-end VAD misses some short cries in an echo. So high scores are asked about.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from voice_coach.core.toml_reader import parse_toml
from voice_coach.package_data import data_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

Tier = Literal["confirmed", "possible", "rejected"]


@dataclass(frozen=True)
class Weight:
    """What one feature adds to the score."""

    weight: float
    high: float = math.inf
    """Larger values of the feature count as this one."""

    def of(self, value: float) -> float:
        """Give what this value adds."""
        return self.weight * min(value, self.high)


@dataclass(frozen=True)
class Scorecard:
    """The weights of one kind of phrase."""

    bias: float
    confirmed: float
    """Lowest score at which a phrase is confirmed."""
    possible: float
    """Lowest score at which it is possible; equal to `confirmed` where the coach never asks."""
    weights: Mapping[str, Weight]

    def score(self, features: Mapping[str, float]) -> float:
        """Give the log odds; every weighted feature must be there."""
        return self.bias + sum(each.of(features[name]) for name, each in self.weights.items())

    def classify(self, score: float) -> Tier:
        """Tell what a score is worth."""
        if score >= self.confirmed:
            return "confirmed"
        return "possible" if score >= self.possible else "rejected"


@dataclass(frozen=True)
class Decision:
    """What was decided of a candidate."""

    tier: Tier
    score: float


@dataclass(frozen=True)
class Veto:
    """When a phrase is taken for the coach's own voice, whatever its score."""

    activity_seconds: float = 0.0
    """Seconds of sound that the person must have made before a phrase counts while the coach is
    audible. Speech counts twice: a short "stop" has little more than 0.2 s of it."""
    asks: float = math.inf
    """Lowest score of pain or stop that is asked about all the same; half of it is enough where the
    pass before has reached that, too, and no echo is left that both would decode."""

    def forbids(self, features: Mapping[str, float]) -> bool:
        """Tell whether the coach speaks and nobody else makes a sound."""
        if not features["coach_audible"]:
            return False
        speech = 0.0 if features["unvoiced"] else features["voiced_seconds"]
        return features["activity_seconds"] + speech < self.activity_seconds


@dataclass(frozen=True)
class DecisionRules:
    """The scorecards of a language's phrases, and the veto."""

    urgent: Scorecard
    """Of pain and stop."""
    order: Scorecard
    """Of every other phrase; it is never just possible."""
    veto: Veto
    own_voice: Mapping[str, float] = field(default_factory=dict)
    """Log odds that a phrase gains as this person says it, by phrase; see `own_voice`."""

    def urgent_decision(self, features: Mapping[str, float], *, scored: bool = True) -> Decision:
        """Decide on pain or stop.

        A recogniser that gives no likelihoods (not `scored`) cannot tell "shop" from "stop". What
        it finds is possible: worth a question, and never enough to end a routine.
        """
        score = self.urgent.score(features) + features.get("own_voice", 0.0)
        if self.veto.forbids(features):
            return Decision("possible" if self._is_asked(features, score) else "rejected", score)
        return Decision(self.urgent.classify(score) if scored else "possible", score)

    def _is_asked(self, features: Mapping[str, float], score: float) -> bool:
        """Whether the recogniser is too sure of pain or stop to drop it unasked."""
        before = self.urgent.score({**features, "settled_llr": features["previous_llr"]})
        twice = 0.0 if features["reconverging"] else 2 * min(score, before)
        return max(score, twice) >= self.veto.asks

    def order_decision(self, features: Mapping[str, float]) -> Decision:
        """Decide on any other phrase."""
        score = self.order.score(features) + features.get("own_voice", 0.0)
        vetoed = self.veto.forbids(features)
        return Decision("rejected" if vetoed else self.order.classify(score), score)


def parse_rules(content: Mapping[str, Any]) -> DecisionRules:
    """Read the content of `decision.toml`."""
    veto = {name: float(value) for name, value in content["veto"].items()}
    urgent, order = (_scorecard(content[kind], content["both"]) for kind in ("urgent", "order"))
    return DecisionRules(urgent, order, Veto(**veto))


@cache
def shipped_rules() -> DecisionRules:
    """Give the rules that the coach ships with."""
    text = (data_folder() / "decision.toml").read_text("utf-8")
    return parse_rules(parse_toml(text))


def _scorecard(content: Mapping[str, Any], both: Mapping[str, Any]) -> Scorecard:
    entries = {**content["weights"], **both["weights"]}
    weights = {name: _weight(value) for name, value in entries.items()}
    confirmed = float(content["confirmed"])
    possible = float(content.get("possible", confirmed))
    return Scorecard(float(content["bias"]), confirmed, possible, weights)


def _weight(value: float | Mapping[str, float]) -> Weight:
    return Weight(float(value)) if isinstance(value, (int, float)) else Weight(**value)
