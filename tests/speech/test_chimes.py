"""The earcons are short, soft and pleasant, and the same numbers every time."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from voice_coach.core.earcons import ENDED, HEARD, HOLD_OVER, NOT_UNDERSTOOD, OPENING, SECONDS
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.chimes import chime
from voice_coach.speech.clips import SPEECH_LEVEL, ClipStore, speech_rms
from voice_coach.speech.narrator import PromptNarrator

ALL = (OPENING, HEARD, NOT_UNDERSTOOD, HOLD_OVER, ENDED)


@pytest.mark.parametrize("text", ALL)
def test_each_takes_as_long_as_the_session_counts_on(text):
    assert chime(text).seconds == pytest.approx(SECONDS[text], abs=1 / SAMPLE_RATE)


def test_what_answers_a_person_is_no_longer_than_a_syllable():
    assert chime(HEARD).seconds <= 0.15


@pytest.mark.parametrize("text", ALL)
def test_each_is_12_db_softer_than_the_voice(text):
    level = 20 * np.log10(speech_rms(chime(text).samples) / SPEECH_LEVEL)
    assert level == pytest.approx(-12, abs=0.1)


@pytest.mark.parametrize("text", ALL)
def test_none_begins_or_ends_with_a_click(text):
    """The sound swells from nothing and dies away to nothing."""
    samples = np.abs(chime(text).samples)
    loudest = np.max(samples)
    millisecond = SAMPLE_RATE // 1000
    assert np.max(samples[: 2 * millisecond]) < 0.1 * loudest
    assert np.max(samples[-2 * millisecond :]) < 0.1 * loudest
    assert np.argmax(samples) >= 6 * millisecond


def loudest_pitch(samples):
    """Give the loudest frequency, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 15))
    return np.argmax(spectrum) * SAMPLE_RATE / (1 << 15)


def semitones(low, high):
    return round(12 * log2(high / low))


def test_what_was_heard_rises_by_a_fourth():
    samples = chime(HEARD).samples
    first, then = samples[: len(samples) * 2 // 5], samples[len(samples) // 2 :]
    assert semitones(loudest_pitch(first), loudest_pitch(then)) == 5


def test_what_is_over_falls_by_thirds():
    samples = chime(ENDED).samples
    begins = [round(at * SAMPLE_RATE) for at in (0, 0.26, 0.52)]
    first, then, last = (loudest_pitch(samples[at : at + SAMPLE_RATE // 4]) for at in begins)
    assert [semitones(then, first), semitones(last, then)] == [3, 4]


def test_nothing_else_is_an_earcon():
    assert chime("Halfway.") is None


class Mute:
    """A voice that cannot speak."""

    name = "mute"

    def render(self, text, rate):
        raise AssertionError

    def close(self):
        pass


def test_an_earcon_needs_no_voice(tmp_path):
    """It is in memory from the first, at every pace."""
    narrator = PromptNarrator(Mute(), ClipStore(tmp_path))
    assert [narrator.clip(text, 190) for text in ALL] == [chime(text) for text in ALL]
