"""What is measured of a room whose noise, echo, delay and voice are known."""

import numpy as np
import pytest
import samplerate
from fuzzing import nightly

from voice_coach.audio.calibration import (
    echo_path,
    level,
    levels,
    measured,
    sweep,
)
from voice_coach.core.ports import SAMPLE_RATE

SWEEP, RINGING, SPEAKING = 3.0, 1.0, 4.0
"""Seconds of the parts of a measurement, after half a second to settle and two of quiet."""
BEGIN = 2.5


def at(seconds):
    return round(seconds * SAMPLE_RATE)


def room(*, noise=-60.0, echo=-10.0, delay=0.08, voice=-25.0):
    """Give what the microphone heard, and the far end; levels in dB, None for nothing."""
    random = np.random.default_rng(1)
    far_end = np.zeros(at(BEGIN + SWEEP + RINGING + SPEAKING), np.float32)
    far_end[at(BEGIN) : at(BEGIN) + len(sweep())] = sweep()
    heard = 10 ** (noise / 20) * random.standard_normal(len(far_end))
    if echo is not None:
        heard[at(delay) :] += 10 ** (echo / 20) * far_end[: len(far_end) - at(delay)]
    if voice is not None:
        said = slice(at(BEGIN + SWEEP + RINGING + 1), at(BEGIN + SWEEP + RINGING + 2))
        moments = np.arange(said.stop - said.start) / SAMPLE_RATE
        heard[said] += 10 ** (voice / 20) * 2**0.5 * np.sin(2 * np.pi * 300 * moments)
    return heard.astype(np.float32), far_end


@pytest.mark.parametrize("delay", [0.0, 0.08, 0.9, *nightly(0.02, 0.3)])
@pytest.mark.parametrize("echo", [6.0, -10.0, -30.0])
def test_delay_and_level_of_the_echo_are_found(delay, echo):
    found = measured(*room(delay=delay, echo=echo))
    assert found.delay == pytest.approx(delay, abs=0.001)
    assert found.echo == pytest.approx(level(sweep()) + echo, abs=0.2)


@pytest.mark.parametrize("noise", [-80.0, -60.0, -45.0])
def test_noise_and_voice_are_found(noise):
    found = measured(*room(noise=noise))
    assert found.noise == pytest.approx(noise, abs=0.2)
    assert found.voice == pytest.approx(-25, abs=0.5)


def test_the_sweep_is_as_loud_as_the_coach():
    assert level(sweep()) == pytest.approx(-23, abs=0.1)
    assert np.max(np.abs(np.diff(sweep()[:50]))) < 0.01


def test_where_the_loudspeaker_is_not_heard_no_echo_is_made_up():
    for noise in (-90.0, -60.0, -30.0):
        found = measured(*room(echo=None, noise=noise))
        assert (found.echo, found.delay) == (None, None)


def test_where_nobody_speaks_no_voice_is_made_up():
    assert measured(*room(voice=None)).voice is None


def test_all_that_is_well_needs_no_advice():
    assert [*measured(*room()).advice()] == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"noise": -40.0}, "Your voice is only 15 dB louder than the room"),
        ({"voice": None}, "No voice was heard: speak up"),
        ({"echo": None}, "The loudspeaker was not heard by the microphone"),
        ({"echo": 10.0, "voice": -30.0}, "dB louder in the microphone than you"),
        ({"delay": 0.3}, "Sound takes 300 ms through the loudspeaker"),
        ({"voice": -1.0}, "The microphone is driven too hard"),
    ],
)
def test_what_is_not_well_is_told_with_a_remedy(given, told):
    assert any(told in sentence for sentence in measured(*room(**given)).advice())


def test_a_recording_without_a_sample_of_the_loudspeaker_is_no_traceback():
    for samples in (0, 100, SAMPLE_RATE):
        nothing = np.zeros(samples, np.float32)
        found = measured(nothing, nothing)
        assert (found.echo, found.voice) == (None, None)


def test_levels_are_told_every_twenty_milliseconds():
    assert len(levels(np.zeros(SAMPLE_RATE, np.float32))) == 50
    assert level(np.ones(320, np.float32)) == pytest.approx(0, abs=0.01)


def test_the_path_of_an_echo_has_its_peak_at_its_delay():
    heard, far_end = room(delay=0.1, noise=-90.0)
    path = echo_path(heard, far_end)
    assert len(path) == RINGING * SAMPLE_RATE
    assert np.argmax(np.abs(path)) == pytest.approx(at(0.1), abs=2)


@pytest.mark.parametrize("ppm", [0, 60, -300])
def test_the_drift_of_two_clocks_is_found(ppm):
    heard, played = room(echo=-6.0)
    drifted = samplerate.resample(heard, 1 + ppm * 1e-6, "sinc_best")[: len(played)]
    drifted = np.pad(drifted, (0, len(played) - len(drifted)))
    found = measured(drifted.astype(np.float32), played)
    assert found.drift == pytest.approx(ppm, abs=20)
    assert [*found.advice()] == []


def test_clocks_too_far_apart_are_told():
    heard, played = room(echo=-6.0)
    drifted = samplerate.resample(heard, 1 + 450e-6, "sinc_best")[: len(played)]
    (advice,) = measured(drifted.astype(np.float32), played).advice()
    assert "differ by 4" in advice
    assert "300 can be followed" in advice
