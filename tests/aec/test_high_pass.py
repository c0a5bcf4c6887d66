"""What is no sound is taken out of the microphone before anything listens."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.aec.high_pass import HighPass
from voice_coach.core.ports import BLOCK, SAMPLE_RATE


def filtered(sound):
    high_pass = HighPass()
    return np.concatenate([high_pass.filter(block) for block in sound.reshape(-1, BLOCK)])


def tone(frequency):
    return np.sin(2 * np.pi * frequency * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)


def level(frequency):
    """How much of a tone passes, in dB."""
    settled = slice(SAMPLE_RATE // 2, None)
    before, after = tone(frequency)[settled], filtered(tone(frequency))[settled]
    return 10 * np.log10(np.mean(after**2) / np.mean(before**2))


def test_an_offset_is_gone_within_a_tenth_of_a_second():
    assert np.max(np.abs(filtered(np.full(SAMPLE_RATE, 0.25, np.float32))[1600:])) < 1e-4


def test_it_is_three_decibels_down_at_40_hz_and_falls_by_12_an_octave():
    assert level(40) == pytest.approx(-3, abs=0.1)
    assert level(10) == pytest.approx(-24.1, abs=0.3)


@pytest.mark.parametrize("frequency", [100, 200, 1000, 7000])
def test_a_voice_passes(frequency):
    assert level(frequency) == pytest.approx(0, abs=0.15)


def test_blocks_join_without_a_seam():
    smooth = filtered(tone(200))[SAMPLE_RATE // 2 :]
    assert np.max(np.abs(np.diff(smooth, 2))) < 1.1 * (2 * np.pi * 200 / SAMPLE_RATE) ** 2
