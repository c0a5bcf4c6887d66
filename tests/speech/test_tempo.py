"""Another pace is another length, and nothing else."""

import numpy as np
import pytest

from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clip_pack import shipped
from voice_coach.speech.clips import SPEECH_LEVEL, speech_rms
from voice_coach.speech.shipped_voice import ShippedVoice
from voice_coach.speech.tempo import at_tempo

SENTENCE = "Come out of the position slowly, in your own time."


@pytest.fixture(scope="module")
def voice():
    return ShippedVoice(shipped("en"))


def pitch(samples):
    """Give the median pitch in Hz of the loud frames, by autocorrelation."""
    frames = samples[: len(samples) // 640 * 640].reshape(-1, 640)
    loud = frames[np.mean(frames**2, axis=1) > np.mean(samples**2)]
    lags = np.arange(SAMPLE_RATE // 350, SAMPLE_RATE // 100)
    found = [
        lags[np.argmax([np.dot(f[:-lag], f[lag:]) / (640 - lag) for lag in lags])] for f in loud
    ]
    return SAMPLE_RATE / np.median(found)


@pytest.mark.parametrize("rate", [110, 130, 170, 190])
def test_a_clip_at_another_rate_is_longer_or_shorter_and_sounds_alike(voice, rate):
    usual, other = voice.render(SENTENCE, 150), voice.render(SENTENCE, rate)
    assert len(other) / len(usual) == pytest.approx(150 / rate, rel=0.02)
    assert pitch(other) == pytest.approx(pitch(usual), rel=0.05)
    assert speech_rms(other) == pytest.approx(SPEECH_LEVEL, rel=0.1)


def test_the_same_words_at_the_same_rate_are_the_same(voice):
    np.testing.assert_array_equal(voice.clip(SENTENCE, 110), voice.clip(SENTENCE, 110))


def test_the_own_tempo_changes_nothing():
    samples = np.ones(100, np.float32)
    assert at_tempo(samples, 1.0) is samples
