"""The scorecards are fitted to labelled candidates, and never against a feature's sense."""

from __future__ import annotations

import json
import sys

import numpy as np
from training import decision

from voice_coach.hearing.decision import parse_rules

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def rows(seed=1, number=400):
    """Candidates that are confirmed by their LLR alone, and by its sum with agreement."""
    rng = np.random.default_rng(seed)
    made = []
    for kind in ("urgent", "order"):
        for _ in range(number):
            llr, agrees = rng.uniform(-15, 0), float(rng.integers(2))
            features = dict.fromkeys({*decision.TERMS["urgent"], *decision.TERMS["order"]}, 0.0)
            features |= {"settled_llr": llr, "best_llr": llr, "agrees_with_first_pass": agrees}
            features |= {"activity_seconds": 1.0, "coach_audible": 0.0, "last": 1.0}
            sum_ = llr + (3 * agrees if kind == "urgent" else 0)
            label = "confirmed" if sum_ > -4 else "possible" if sum_ > -8 else "rejected"
            if kind == "order" and label == "possible":
                label = "rejected"
            made.append({"kind": kind, "label": label, "features": features})
    return made


def test_what_follows_a_rule_is_decided_by_that_rule():
    content = tomllib.loads(decision.fit(rows()))
    rules = parse_rules(content)
    right = [
        rules.urgent_decision(row["features"]).tier == row["label"]
        for row in rows(2)
        if row["kind"] == "urgent"
    ]
    assert np.mean(right) > 0.97
    told = decision.confusion(rows(2), content)
    assert told[0].startswith("urgent, confirmed: ")
    assert len(told) == 5


def test_a_weight_never_has_the_wrong_sign_whatever_the_labels_say():
    twisted = [
        {**row, "label": "confirmed" if row["label"] == "rejected" else "rejected"}
        for row in rows()
    ]
    weights = tomllib.loads(decision.fit(twisted))["urgent"]["weights"]
    assert weights["settled_llr"]["weight"] >= 0
    assert weights["agrees_with_first_pass"] >= 0


def test_candidates_are_read_from_lines_of_json(tmp_path):
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()[:3]))
    assert decision.read([tmp_path / "a.jsonl"]) == rows()[:3]
