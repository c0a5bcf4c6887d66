"""The scorecard: what it adds up, what it vetoes, and what its file may hold."""

from __future__ import annotations

import sys
from importlib.resources import files

import pytest

from voice_coach.hearing.decision import DecisionRules, Scorecard, Weight, shipped_rules

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CARD = Scorecard(-1.0, -3.0, {"llr": Weight(0.5), "talk": Weight(-2.0, high=1.0)})
THERE = {"coach_audible": 0.0, "activity_seconds": 1.0}
RULES = DecisionRules(CARD, CARD, activity_seconds=0.25)
CLEAR = {
    "best_llr": 5.0,
    "settled_llr": 5.0,
    "agrees_with_first_pass": 1.0,
    "paused": 1.0,
    "stands_out": 0.0,
    "activity_seconds": 0.5,
    "unvoiced": 0.0,
    "reconverging": 0.0,
    "speech_before": 0.0,
    "recent_speech": 0.0,
    "quieter_than_person": 0.0,
    "rival_lead": 0.0,
    "coach_audible": 1.0,
}
"""A clear cry over the coach."""


def tier(**changes):
    return shipped_rules().urgent_decision(CLEAR | changes).tier


def test_the_score_is_the_sum_of_what_each_feature_adds():
    assert CARD.score({"llr": 4.0, "talk": 0.5}) == pytest.approx(-1.0 + 2.0 - 1.0)


def test_a_feature_counts_no_further_than_its_limit():
    assert CARD.score({"llr": 0.0, "talk": 7.0}) == CARD.score({"llr": 0.0, "talk": 1.0})


@pytest.mark.parametrize(
    ("llr", "expected"),
    [(2.0, "confirmed"), (1.9, "possible"), (-4.0, "possible"), (-5, "rejected")],
)
def test_two_thresholds_part_confirmed_possible_and_rejected(llr, expected):
    assert RULES.urgent_decision({"llr": llr, "talk": 0.0, **THERE}).tier == expected


def test_a_phrase_while_the_coach_speaks_and_nobody_makes_a_sound_is_the_coachs_own():
    silent = {"llr": 100.0, "talk": 0.0, "coach_audible": 1.0, "activity_seconds": 0.2}
    assert RULES.urgent_decision(silent).tier == "rejected"
    assert RULES.order_decision(silent).tier == "rejected"
    assert RULES.urgent_decision(silent | {"coach_audible": 0.0}).tier == "confirmed"


def test_without_likelihoods_pain_or_stop_is_at_most_asked_about():
    """With pocketsphinx "shop" was a confirmed stop."""
    sure = {"llr": 100.0, "talk": 0.0, **THERE}
    assert RULES.urgent_decision(sure, scored=False).tier == "possible"


def test_a_clear_cry_over_the_coach_ends_the_routine():
    assert tier() == "confirmed"


@pytest.mark.parametrize(
    "change",
    [
        {"unvoiced": 1.0, "best_llr": 2.0, "settled_llr": 2.0},
        {"reconverging": 1.0},
        {"settled_llr": -10.0, "paused": 0.0},
        {"recent_speech": 1.0},
        {"speech_before": 1.0},
    ],
)
def test_a_clear_cry_of_which_one_thing_is_doubtful_is_asked_about(change):
    assert tier(**change) in ("possible", "rejected")


@pytest.mark.parametrize("name", ["best_llr", "settled_llr", "activity_seconds", "stands_out"])
def test_more_of_what_speaks_for_a_phrase_never_makes_it_less_likely(name):
    rules = shipped_rules()
    lower, higher = (rules.urgent_decision(CLEAR | {name: each}).score for each in (0.0, 1.0))
    assert higher >= lower


def numbers(content):
    for value in content.values():
        if isinstance(value, dict):
            yield from numbers(value)
        else:
            yield value


def test_the_file_has_fewer_than_25_numbers():
    text = (files("voice_coach") / "data" / "decision.toml").read_text("utf-8")
    assert len(list(numbers(tomllib.loads(text)))) < 25
