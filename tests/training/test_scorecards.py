"""The scorecards are fitted to what was truly said, and never against a feature's sense."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest
from training import decision

from voice_coach.hearing.decision import parse_rules

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NAMES = {*decision.TERMS["urgent"], *decision.TERMS["order"]}
USUAL = dict.fromkeys(NAMES, 0.0) | {"activity_seconds": 1.0, "coach_audible": 0.0, "last": 1.0}


def rows(seed=1, number=600):
    """Sounds in which a phrase was said with odds that rise with its LLR alone."""
    rng = np.random.default_rng(seed)
    made = []
    for kind in ("urgent", "order"):
        for _ in range(number):
            llr = rng.uniform(-15, 5)
            said = bool(rng.random() < 1 / (1 + np.exp(-llr - 4)))
            features = USUAL | {"best_llr": llr, "worse_llr": llr, "settled_llr": llr}
            candidate = {"at": 1.0, "kind": kind, "said": said, "features": features}
            holds = {f"holds_{each}": said and each == kind for each in ("urgent", "order")}
            made.append({"set": kind, "candidates": [candidate], **holds})
    return made


def fitted(seed=1):
    return parse_rules(decision.fit(rows(seed)))


@pytest.fixture(scope="module")
def rules():
    return fitted()


def test_the_score_is_the_log_odds_that_the_phrase_was_said(rules):
    for llr in (-8.0, -4.0, 0.0):
        features = USUAL | {"best_llr": llr, "worse_llr": llr, "settled_llr": llr}
        assert rules.urgent_decision(features).score == pytest.approx(llr + 4, abs=0.8)


@pytest.mark.parametrize(
    ("tiers", "most"), [({"confirmed"}, decision.ENDS), ({"confirmed", "possible"}, decision.ASKS)]
)
def test_no_more_other_sounds_pass_than_the_stated_share(rules, tiers, most):
    other = [row for row in rows() if not row["holds_urgent"]]
    found = [
        rules.urgent_decision(each["features"]).tier in tiers
        for row in other
        for each in row["candidates"]
        if each["kind"] == "urgent"
    ]
    assert sum(found) <= most * len(other)
    assert any(found)


def test_a_weight_never_has_the_wrong_sign_whatever_the_labels_say():
    twisted = rows()
    for row in twisted:
        row["holds_urgent"] = not row["holds_urgent"]
        for each in row["candidates"]:
            each["said"] = not each["said"]
    for name, entry in decision.fit(twisted)["urgent"]["weights"].items():
        assert entry["weight"] * decision.TERMS["urgent"][name].sign >= 0


def test_what_is_written_is_what_was_fitted(rules):
    toml = decision.written(decision.fit(rows()))
    assert parse_rules(tomllib.loads(toml)) == rules


def test_candidates_are_read_from_lines_of_json(tmp_path):
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()[:3]))
    assert decision.read([tmp_path / "a.jsonl"]) == rows()[:3]
