"""What a scorecard ends, asks about and misses is counted as a session would do it."""

from __future__ import annotations

import numpy as np
import pytest
from training import operating

from voice_coach.hearing.decision import DecisionRules, Scorecard, Veto, Weight

CARD = Scorecard(0.0, 2.0, -1.0, {"llr": Weight(1.0)})
RULES = DecisionRules(CARD, CARD, Veto(activity_seconds=0.25))


def candidate(at, llr, *, last=True, said=True, **features):
    known = {"llr": llr, "last": float(last), "coach_audible": 0.0, "activity_seconds": 1.0}
    known |= {"voiced_seconds": 0.0, "unvoiced": 0.0}
    known |= {"paused": 1.0, "previous_llr": -20.0, "reconverging": 0.0}
    return {"at": at, "kind": "urgent", "said": said, "features": known | features}


def row(*candidates, said=True):
    return {
        "set": "cries",
        "holds_urgent": said,
        "candidates": list(candidates),
    }


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([candidate(1.0, 3.0)], ["ended"]),
        ([candidate(1.0, 0.0)], ["asked"]),
        ([candidate(1.0, -3.0)], []),
        ([candidate(1.0, 0.0, last=False), candidate(1.3, 3.0)], ["ended"]),
        ([candidate(1.0, 0.0), candidate(1.3, 3.0)], ["asked"]),
        ([candidate(1.0, 3.0), candidate(2.5, 0.0)], ["ended", "asked"]),
    ],
)
def test_a_possible_phrase_waits_for_the_last_pass_and_a_report_for_a_second(candidates, expected):
    assert operating.outcomes(row(*candidates), RULES) == expected


def test_a_candidate_that_is_vetoed_counts_as_none():
    own = candidate(1.0, 5.0, coach_audible=1.0, activity_seconds=0.0)
    assert operating.outcomes(row(own), RULES) == []
    assert operating.best_scores([row(own)], RULES, said=True)[0] == -np.inf


def test_a_threshold_lets_the_stated_share_pass_and_no_more():
    scores = np.arange(100.0)
    assert operating.reaches(scores, 0.02) == 97.01
    assert operating.reaches(scores, 0.0) == 99.01


def test_a_threshold_of_sounds_without_any_candidate_is_that_of_the_last_one():
    assert operating.reaches(np.array([1.0, -np.inf, -np.inf]), 0.5) == 1.0


def test_the_curve_tells_misses_and_false_accepts_at_each_threshold():
    rows = [row(candidate(1.0, 2.0)), row(candidate(1.0, 1.0, said=False), said=False)]
    false, missed = operating.det(rows, RULES)
    assert false.tolist() == [1.0, 0.0]
    assert missed.tolist() == [0.0, 0.0]


def test_probabilities_are_compared_with_what_was_said():
    rows = [row(candidate(1.0, 0.0, said=each)) for each in (True, False)]
    told = operating.calibration(rows, RULES)
    assert sum(number for _, _, number in told) == 2
    assert all(probability == 0.5 for probability, _, _ in told)


def test_each_sound_is_counted_once():
    counts = operating.table([row(candidate(1.0, 3.0)), row()], RULES)
    assert counts == {"cries": {"ended": 1, "nothing": 1}}
