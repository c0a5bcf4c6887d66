"""A room that is too loud for the person is told, and a person who shouts is no room."""

from __future__ import annotations

import numpy as np

from voice_coach.hearing.masking import MaskingWatch

PERSON = -25.0


def found(*parts, person=PERSON, speech=False):
    """Give what was found at last, and all that was, in parts of seconds and levels in dB."""
    watch, random = MaskingWatch(), np.random.default_rng(1)
    levels = [level for seconds, level in parts for _ in range(round(seconds * 50))]
    all_found = [watch.step(each + random.uniform(-1, 1), person, speech=speech) for each in levels]
    return all_found[-1], set(all_found)


def test_a_room_that_is_quiet_is_no_trouble():
    assert found((60, -55)) == ("", {""})


def test_noise_near_the_persons_loudness_makes_them_hard_to_hear_after_seconds():
    assert found((10, -55), (2, -29)) == ("", {""})
    assert found((10, -55), (4, -29)) == ("hard", {"", "hard"})


def test_noise_as_loud_as_the_person_is_deafness_after_a_second_and_a_half():
    for level in (0, -10, -20):
        assert found((10, -55), (1, level))[0] == ""
        assert found((10, -55), (1.6, level))[0] == "deaf"


def test_talk_and_cries_have_pauses_and_do_not_count_as_noise():
    words = [(0.4, -20), (0.3, -50)] * 20
    assert found((5, -55), *words) == ("", {""})
    assert found((5, -55), (1.1, -5), (0.5, -50)) == ("", {""})


def test_a_scream_is_no_noise_and_a_hum_that_seems_to_be_one_is_in_the_end():
    assert "deaf" not in found((10, -55), (3, -5), (1, -50), speech=True)[1]
    assert found((10, -55), (5.5, -5), speech=True)[0] == "deaf"


def test_while_nobody_has_spoken_only_a_noise_louder_than_any_voice_is_too_loud():
    assert found((10, -20), person=None) == ("", {""})
    assert found((10, -3), person=None)[0] == "deaf"
