"""A device with several channels is heard and played as if it had one."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.channels import StrongestChannel, fill

RATE = 16_000


def tone(frames, *amplitudes):
    moments = np.arange(frames) / RATE
    return np.sin(2 * np.pi * 300 * moments)[:, np.newaxis] * np.array(amplitudes)


def heard(strongest, *amplitudes, seconds=1.0):
    """The amplitude that is heard after so many seconds of channels with these."""
    for _ in range(round(seconds * 50)):
        piece = strongest.of(tone(RATE // 50, *amplitudes))
    return round(float(np.max(np.abs(piece))), 2)


def test_of_six_microphones_the_one_that_hears_most_is_taken():
    assert heard(StrongestChannel(RATE), 0, 0.1, 0.3, 0.1, 0, 0.2) == 0.3


def test_channels_alike_in_strength_are_not_swapped():
    strongest = StrongestChannel(RATE)
    assert heard(strongest, 0.3, 0.1) == 0.3
    assert heard(strongest, 0.3, 0.4, seconds=10) == 0.3


def test_a_channel_that_dies_is_left_within_seconds():
    strongest = StrongestChannel(RATE)
    heard(strongest, 0.3, 0.1)
    assert heard(strongest, 0, 0.1, seconds=5) == 0.1


def test_an_offset_or_rubbish_in_a_channel_is_no_sound():
    strongest = StrongestChannel(RATE)
    piece = tone(1600, 0, 0.1, 0)
    piece[:, 0] = 0.9
    piece[5, 2] = np.inf
    assert np.max(strongest.of(piece)) == pytest.approx(0.1, abs=0.01)


def test_the_coach_sounds_left_and_right_and_nowhere_else():
    speaker = np.full((4, 6), np.nan, np.float32)
    fill(speaker, np.array([0.1, 0.2, 0.3], np.float32))
    np.testing.assert_allclose(speaker[:, 0], [0.1, 0.2, 0.3, 0], atol=1e-6)
    np.testing.assert_array_equal(speaker[:, 0], speaker[:, 1])
    assert not speaker[:, 2:].any()
