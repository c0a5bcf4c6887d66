"""How one person says the phrases: what is made up for, how far, and where it is kept."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.errors import CoachError
from voice_coach.hearing.decision import shipped_rules
from voice_coach.hearing.own_voice import MOST, NAME, OwnVoice, gain, load, rules_for, save

NEVER = -math.inf
excesses = st.lists(st.floats(-30, 10) | st.just(NEVER), min_size=1, max_size=10)


def test_who_is_heard_well_gains_nothing():
    assert gain([3.0] * 8 + [-9.0, NEVER]) == 0


def test_a_phrase_gains_what_eight_of_ten_sayings_lack():
    assert gain([1.0] * 6 + [-0.5, -1.2, -5.0, NEVER]) == pytest.approx(1.2)


def test_a_phrase_that_is_mostly_not_found_gains_nothing():
    assert gain([5.0] * 5 + [NEVER] * 5) == 0


@given(excesses)
def test_no_phrase_gains_more_than_the_limit_or_loses(some):
    assert 0 <= gain(some) <= MOST


@given(excesses)
def test_within_the_limit_eight_of_ten_are_confirmed_with_the_gain(some):
    given_ = gain(some)
    if 0 < given_ < MOST:
        heard = sum(excess + given_ >= 0 for excess in some)
        assert heard >= 0.8 * len(some)


def test_what_is_learned_is_kept_for_the_user_alone_and_counts_in_that_language(tmp_path):
    voice = OwnVoice("en", {"this hurts": 1.2})
    path = save(tmp_path / "data", voice)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load(tmp_path / "data", "en") == voice
    assert load(tmp_path / "data", "es") is None
    assert rules_for(tmp_path / "data", "en") == voice.applied_to(shipped_rules())


def test_nobodys_voice_is_heard_as_anybodys(tmp_path):
    assert load(tmp_path, "en") is None
    assert rules_for(tmp_path, "en") == shipped_rules()


@pytest.mark.parametrize(
    "content",
    [
        *("", "[1]", "{}", '{"language": "en", "gains": [1]}', "\x00"),
        *("[" * 90_000, f'{{"language": "en", "gains": {{"x": 1{"0" * 400}}}}}'),
        *('{"language": "en", "gains": {"stop": 9}}', '{"language": "en", "gains": {"stop": NaN}}'),
    ],
)
def test_a_damaged_file_is_told_with_what_to_do(tmp_path, content):
    (tmp_path / NAME).write_text(content)
    with pytest.raises(CoachError, match=r"own-voice\.json is damaged: teach the coach"):
        load(tmp_path, "en")


def test_a_gain_raises_the_score_but_not_what_nobody_said():
    rules = OwnVoice("en", {"this hurts": 2.0}).applied_to(shipped_rules())
    features = dict.fromkeys(rules.urgent.weights, 0.0)
    features |= {"settled_llr": -6.0, "coach_audible": 1.0, "activity_seconds": 1.0}
    features |= {"voiced_seconds": 0.0, "unvoiced": 0.0, "previous_llr": -20.0}
    gained = features | {"own_voice": rules.own_voice["this hurts"]}
    assert rules.urgent_decision(gained).score == rules.urgent_decision(features).score + 2
    assert rules.urgent_decision(features).tier == "possible"
    assert rules.urgent_decision(gained).tier == "confirmed"
    assert rules.urgent_decision(gained | {"activity_seconds": 0.1}).tier == "rejected"
