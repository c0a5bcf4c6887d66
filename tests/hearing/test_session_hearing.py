"""What a session is told of its hearing, and the hearing of its person."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.hearing import session_hearing
from voice_coach.hearing.decision import shipped_rules
from voice_coach.hearing.own_voice import NAME, OwnVoice, save


@pytest.mark.parametrize(("factor", "told"), [(0.3, False), (0.7, True)])
def test_that_a_computer_may_be_too_slow_is_told_before_the_routine(
    factor, told, language, recognisers, monkeypatch
):
    monkeypatch.setattr(session_hearing, "real_time_factor", lambda *_: factor)
    announced = []
    speech = np.zeros(SAMPLE_RATE, np.float32)
    session_hearing.warn_if_busy(language, recognisers, speech, announced.append)
    assert [each.startswith("This computer is busy") for each in announced] == [True] * told


def test_a_session_is_decided_by_the_rules_of_whoever_taught_it_their_voice(language, tmp_path):
    save(tmp_path, OwnVoice("en", {"this hurts": 1.0}))
    rules = session_hearing.own_rules(tmp_path, language, pytest.fail)
    assert rules.own_voice == {"this hurts": 1.0}


def test_a_damaged_file_of_ones_voice_is_told_and_the_session_goes_on(language, tmp_path):
    (tmp_path / NAME).write_text("{")
    announced = []
    assert session_hearing.own_rules(tmp_path, language, announced.append) == shipped_rules()
    assert "is damaged" in announced[0]
