"""The simulated way from the loudspeaker to the microphone does what it is told."""

import numpy as np
import pytest
from benchmark.echoes import Conditions, Echo, Loudspeaker
from benchmark.rooms import PARTS, ROOMS, Microphone, draw_room, paths, through

from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.speech.clips import speech_rms


class Wire:
    """A loudspeaker that changes nothing."""

    response = np.ones(1, np.float32)

    def distort(self, samples):
        return samples


def echo(path, *, delay=0.0, **conditions):
    rng = np.random.default_rng(1)
    return Echo(path, Conditions(**conditions), loudspeaker=Wire(), delay=delay, rng=rng)


def streamed(echo, sound):
    return np.concatenate([echo.hear(block) for block in sound.reshape(-1, BLOCK)])


def noise(blocks, seed=0):
    return np.random.default_rng(seed).standard_normal(blocks * BLOCK).astype(np.float32)


def test_a_known_path_is_convolved_whole_across_blocks():
    path = np.zeros(1000, np.float32)
    path[[0, 500, 999]] = 1.0, 0.5, -0.25
    sound = noise(20)
    heard = streamed(echo(path, delay=0.01), sound)
    expected = np.convolve(np.concatenate((np.zeros(160), sound)), path)[: len(sound)]
    assert heard == pytest.approx(expected, abs=1e-4)


def test_a_slow_clock_is_late_by_its_drift():
    time = np.arange(400 * BLOCK) / SAMPLE_RATE
    sound = np.sin(2 * np.pi * 440 * time).astype(np.float32)
    heard = streamed(echo(np.ones(1, np.float32), drift=100.0), sound)
    tail = slice(300 * BLOCK, None)
    # 16 samples of interpolation, and 100 millionths of the time.
    late = 16 / SAMPLE_RATE + 100e-6 * time
    expected = np.sin(2 * np.pi * 440 * (time - late))
    assert heard[tail] == pytest.approx(expected[tail], abs=1e-3)


def test_a_clock_in_step_changes_nothing():
    sound = noise(5)
    assert streamed(echo(np.ones(1, np.float32)), sound) == pytest.approx(sound, abs=1e-5)


def test_the_echo_is_as_loud_as_asked_for():
    path = paths(draw_room("tune", 0))[0]
    reference = 0.1 * noise(100)
    made = echo(path)
    made.set_level(reference, 0.03)
    heard = streamed(made, np.concatenate((reference, reference)))
    assert speech_rms(heard[len(reference) :]) == pytest.approx(0.03, rel=0.1)


def test_a_room_that_moves_changes_within_seconds_and_without_a_click():
    path = paths(draw_room("tune", 0))[0]
    sound = np.tile(noise(25), 40)
    still = streamed(echo(path), sound)
    moving = streamed(echo(path, moving=True), sound)
    assert moving[: 2 * SAMPLE_RATE] == pytest.approx(still[: 2 * SAMPLE_RATE], abs=1e-4)
    end = slice(-SAMPLE_RATE, None)
    change = np.sum((moving[end] - still[end]) ** 2) / np.sum(still[end] ** 2)
    assert -16 < 10 * np.log10(change) < -6
    jumps = np.abs(np.diff((moving - still).reshape(-1, BLOCK), axis=0)).max(axis=1)
    assert jumps.max() < 3.0


def test_a_strong_loudspeaker_distorts_more_than_a_mild_one():
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(SAMPLE_RATE) / SAMPLE_RATE)

    def overtones(strong):
        distorted = Loudspeaker(np.random.default_rng(3), strong=strong).distort(
            tone.astype(np.float32)
        )
        power = np.abs(np.fft.rfft(distorted)) ** 2
        return (np.sum(power) - power[440] - power[0]) / power[440]

    assert overtones(strong=True) > 10 * overtones(strong=False)


def test_a_delay_that_jumps_is_later_after_a_minute_and_back_after_two():
    click = np.zeros(BLOCK, np.float32)
    click[0] = 1.0
    nothing = np.zeros(BLOCK, np.float32)
    made = echo(np.ones(1, np.float32), jump=0.1)

    def delay():
        heard = np.concatenate([made.hear(b) for b in (click, *[nothing] * 9)])
        return int(np.argmax(np.abs(heard)))

    delays = []
    for _ in range(3):
        delays.append(delay())
        for _ in range(3000 - 9):
            made.hear(nothing)
    assert delays == [0, SAMPLE_RATE // 10, 0]


def test_the_microphone_adds_its_noise_and_clips():
    heard = Microphone(0.01, np.random.default_rng(0)).hear(np.zeros(16_000, np.float32))
    assert np.sqrt(np.mean(heard**2)) == pytest.approx(0.01, rel=0.3)
    assert Microphone(0.0, np.random.default_rng(0)).hear(np.full(9, 5.0)).max() == 1.0


def test_no_room_is_in_both_parts():
    tune, report = ({draw_room(part, k) for k in range(ROOMS)} for part in PARTS)
    assert len(tune) == len(report) == ROOMS
    assert not tune & report


def test_a_room_leaves_speech_as_loud_as_it_was():
    sound = noise(50)
    arrived = through(paths(draw_room("report", 1))[1], sound)
    assert speech_rms(arrived) == pytest.approx(speech_rms(sound), rel=0.01)
