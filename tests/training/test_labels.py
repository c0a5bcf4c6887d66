"""The labels that the network is fitted to are right for made-up sounds."""

import numpy as np
from training.labels import CLOSURE, heard, levels

from voice_coach.core.ports import BLOCK, SAMPLE_RATE

NOISE = np.random.default_rng(1).standard_normal((2, 100 * BLOCK)).astype(np.float32)
REST = 1e-3 * NOISE[0]
"""The rest of the room: -60 dB of full scale."""


def sound(*loud, level=0.1, quiet=0.0):
    """Make 100 blocks of noise of which those in the ranges of `loud` have this level."""
    gain = np.full((100, 1), quiet, np.float32)
    for start, end in loud:
        gain[start:end] = level
    return (gain * NOISE[1].reshape(100, BLOCK)).ravel()


def test_a_level_is_that_of_a_block_and_the_one_before():
    constant = np.zeros((100, BLOCK), np.float32)
    constant[10:20] = 0.1
    assert levels(constant.ravel())[[9, 10, 11, 20, 21]].round(1).tolist() == [
        -120.0,
        -23.0,
        -20.0,
        -23.0,
        -120.0,
    ]


def test_a_sound_is_heard_from_its_first_block_to_the_one_after_its_last():
    is_heard, certain = heard(sound((30, 50)), REST)
    assert np.flatnonzero(is_heard).tolist() == list(range(30, 51))
    assert certain.all()


def test_silence_is_certainly_nothing():
    is_heard, certain = heard(sound(), REST)
    assert not is_heard.any()
    assert certain.all()


def test_what_is_fainter_than_the_room_is_nothing():
    is_heard, certain = heard(sound((30, 50), level=3e-4), REST)
    assert not is_heard.any()
    assert certain.all()


def test_what_is_as_loud_as_the_room_may_be_judged_either_way():
    is_heard, certain = heard(sound((30, 50), level=1.2e-3), REST)
    assert not is_heard.any()
    assert not certain[31:49].any()


def test_a_voice_is_heard_by_its_low_bands_through_the_rush_of_a_shower():
    rush = np.diff(NOISE[0], prepend=np.float32(0)) * 0.05  # its low bands are faint
    time = np.arange(len(rush)) / SAMPLE_RATE
    vowel = 0.01 * sum(np.sin(2 * np.pi * 150 * k * time) for k in range(1, 7))
    voice = (vowel * (sound((30, 50)) != 0)).astype(np.float32)
    assert np.std(vowel) < np.std(rush) / 2
    is_heard, _ = heard(voice, rush)
    assert is_heard[32:48].all()
    assert not is_heard[:29].any()


def test_the_ringing_after_a_sound_may_be_judged_either_way():
    is_heard, certain = heard(sound((30, 40)) + sound((40, 60), level=5e-3), REST / 10)
    assert not is_heard[41:].any()
    assert not certain[42:60].any()
    assert certain[61:].all()


def test_the_closure_in_a_word_may_be_judged_either_way_and_a_pause_is_none():
    for gap, is_pause in ((CLOSURE, False), (CLOSURE + 1, True)):
        is_heard, certain = heard(sound((20, 30), (31 + gap, 41 + gap)), REST)
        between = slice(31, 31 + gap)
        assert not is_heard[between].any()
        assert certain[between].all() == is_pause
