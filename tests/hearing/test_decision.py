"""The scorecard: what it adds up, what it vetoes, and what its file may hold."""

from __future__ import annotations

import sys
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.hearing.decision import DecisionRules, Scorecard, Veto, Weight, shipped_rules

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CARD = Scorecard(-1.0, 0.0, -3.0, {"llr": Weight(0.5), "talk": Weight(-2.0, high=1.0)})
THERE = {"coach_audible": 0.0, "activity_seconds": 1.0, "voiced_seconds": 1.0, "unvoiced": 0.0}
THERE |= {"previous_llr": -20.0, "reconverging": 0.0}
RULES = DecisionRules(CARD, CARD, Veto(activity_seconds=0.25))
CLEAR = {
    "settled_llr": 5.0,
    "previous_llr": -20.0,
    "agrees_with_first_pass": 1.0,
    "reconverging": 0.0,
    "other_speech": 0.0,
    "stands_out": 0.0,
    "quieter_than_person": 0.0,
    "rival_lead": 0.0,
    "exclamation": 0.0,
    "unvoiced_exclamation": 0.0,
    "activity_seconds": 0.5,
    "voiced_seconds": 0.4,
    "unvoiced": 0.0,
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
    silent = {"llr": 100.0, "talk": 0.0, **THERE, "coach_audible": 1.0, "activity_seconds": 0.2}
    silent |= {"voiced_seconds": 0.0}
    assert RULES.urgent_decision(silent).tier == "rejected"
    assert RULES.order_decision(silent).tier == "rejected"
    assert RULES.urgent_decision(silent | {"coach_audible": 0.0}).tier == "confirmed"


def test_a_short_stop_over_the_coach_counts_by_its_speech():
    """As it was logged: 0.22 s of sound, 0.2 of them speech. It was rejected."""
    short = {"activity_seconds": 0.22, "voiced_seconds": 0.2}
    assert tier(**short, settled_llr=-4.34) == "confirmed"
    assert tier(**short, unvoiced=1.0, settled_llr=-4.34) == "rejected", "an earlier utterance's"


def test_a_clear_cry_that_the_vad_misses_is_asked_about():
    """As it was logged of "cramp" in an echo of the same loudness."""
    assert tier(settled_llr=5.0, activity_seconds=0.08, unvoiced=1.0) == "possible"


def test_a_cry_that_the_vad_misses_is_asked_about_where_two_passes_in_a_row_are_half_as_sure():
    """As it was logged of "it hurts" beside music; of the coach's own words no two passes did."""
    missed = {"activity_seconds": 0.0, "unvoiced": 1.0}
    assert tier(**missed, settled_llr=-0.66) == "rejected"
    assert tier(**missed, settled_llr=-1.31, previous_llr=-0.66) == "possible"
    assert tier(**missed, settled_llr=-0.66, previous_llr=-5.0) == "rejected"
    assert tier(**missed, settled_llr=4.0, previous_llr=4.0, reconverging=1.0) == "rejected"


def test_without_likelihoods_pain_or_stop_is_at_most_asked_about():
    """With pocketsphinx "shop" was a confirmed stop."""
    sure = {"llr": 100.0, "talk": 0.0, **THERE}
    assert RULES.urgent_decision(sure, scored=False).tier == "possible"


def test_a_clear_cry_over_the_coach_ends_the_routine():
    assert tier() == "confirmed"


@pytest.mark.parametrize(
    "change",
    [
        {"settled_llr": -6.0},
        {"reconverging": 1.0, "settled_llr": 0.0},
        {"other_speech": 3.0, "settled_llr": 2.0},
    ],
)
def test_a_cry_of_which_one_thing_is_doubtful_is_at_most_asked_about(change):
    assert tier(**change) in ("possible", "rejected")


@pytest.mark.parametrize(
    "change", [{"agrees_with_first_pass": 0.0}, {"quieter_than_person": 15.0}, {"rival_lead": 3.0}]
)
def test_nothing_but_talk_and_the_coachs_own_echo_doubts_what_the_recogniser_is_sure_of(change):
    assert tier(**change) == "confirmed"


@given(
    st.fixed_dictionaries({name: st.floats(0, 1) for name in CLEAR}),
    st.floats(-12, 5),
    st.floats(0, 10),
)
def test_a_better_llr_never_makes_a_phrase_less_likely(features, llr, more):
    card = shipped_rules().urgent
    lower, higher = (card.score(features | {"settled_llr": each}) for each in (llr, llr + more))
    assert higher >= lower


@pytest.mark.parametrize(
    ("said", "llr", "agrees", "quieter"),
    [
        ("off", -9.1, 1.0, 7.0),
        ("up", -6.05, 1.0, 0.0),
        ("couch", -7.5, 1.0, 7.8),
        ("happy", -6.7, 1.0, 0.0),
        ("okay", -5.1, 0.0, 0.0),
        ("house", -7.3, 1.0, 0.0),
    ],
)
def test_a_word_that_sounds_like_a_cry_ends_nothing(said, llr, agrees, quieter):
    """As it was logged; "hello" is no candidate at all any more, of eight voices said twice."""
    changes = {"settled_llr": llr, "agrees_with_first_pass": agrees}
    assert tier(**changes, quieter_than_person=quieter, coach_audible=0.0) != "confirmed", said


def numbers(content):
    for value in content.values():
        if isinstance(value, dict):
            yield from numbers(value)
        else:
            yield value


def test_the_file_has_fewer_than_25_numbers():
    text = (files("voice_coach") / "data" / "decision.toml").read_text("utf-8")
    assert len(list(numbers(tomllib.loads(text)))) < 25
