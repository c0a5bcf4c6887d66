"""The scorecards are fitted to what was truly said, and no weight has the wrong sign."""

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

USUAL = dict.fromkeys(decision.TERMS, 0.0) | {
    "activity_seconds": 1.0,
    "coach_audible": 0.0,
    "last": 1.0,
}
USUAL |= {"paused": 1.0, "previous_llr": -20.0}


ORDER = {"bias": 1.0, "confirmed": 0.0, "weights": {"best_llr": 1.0}}
SHIPPED = {"order": ORDER, "both": {"weights": {}}}


def rows(seed=1, number=800):
    """Sounds in which pain was said with odds that rise with its LLR alone."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(number):
        llr = rng.uniform(-15, 5)
        said = bool(rng.random() < 1 / (1 + np.exp(-llr - 4)))
        features = USUAL | {"settled_llr": llr}
        candidate = {"at": 1.0, "kind": "urgent", "said": said, "features": features}
        made.append({"set": "cries", "label": "", "candidates": [candidate], "holds_urgent": said})
    return made


def fit(some):
    return decision.fit(some, SHIPPED)


@pytest.fixture(scope="module")
def rules():
    return parse_rules(fit(rows()))


def test_the_score_is_the_log_odds_that_the_phrase_was_said(rules):
    for llr in (-8.0, -4.0, 0.0):
        features = USUAL | {"settled_llr": llr}
        assert rules.urgent_decision(features).score == pytest.approx(llr + 4, abs=1.2)


@pytest.mark.parametrize(
    ("tiers", "most"), [({"confirmed"}, decision.ENDS), ({"confirmed", "possible"}, decision.ASKS)]
)
def test_no_more_other_sounds_pass_than_the_stated_share(rules, tiers, most):
    other = [row for row in rows() if not row["holds_urgent"]]
    found = [
        rules.urgent_decision(each["features"]).tier in tiers
        for row in other
        for each in row["candidates"]
    ]
    assert sum(found) <= most * len(other)
    assert any(found)


def test_a_weight_never_has_the_wrong_sign_whatever_the_labels_say():
    twisted = rows()
    for row in twisted:
        row["holds_urgent"] = not row["holds_urgent"]
        for each in row["candidates"]:
            each["said"] = not each["said"]
    for name, weight in parse_rules(fit(twisted)).urgent.weights.items():
        assert weight.weight * decision.TERMS[name].sign >= 0


def test_the_scorecard_of_other_phrases_stays_as_it_is(rules):
    assert rules.order == parse_rules(fit(rows(2))).order
    assert rules.order.score({"best_llr": 2.0}) == 3.0


def test_the_coach_alone_counts_more_often_than_a_cry():
    """A cry while its echo path is learnt anew is rare; that it speaks alone then is not."""
    some = rows()
    for row in some[:20]:
        row["candidates"][0]["features"]["reconverging"] = 1.0
        row["candidates"][0]["said"] = row["holds_urgent"] = False
    plain = parse_rules(fit(some)).urgent.weights["reconverging"].weight
    for row in some[:20]:
        row["label"] = decision.NOBODY
    assert parse_rules(fit(some)).urgent.weights["reconverging"].weight < plain


def test_what_is_written_is_what_was_fitted(rules):
    toml = decision.written(fit(rows()))
    assert parse_rules(tomllib.loads(toml)) == rules


def test_candidates_are_read_from_lines_of_json(tmp_path):
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()[:3]))
    assert decision.read([tmp_path / "a.jsonl"]) == rows()[:3]
