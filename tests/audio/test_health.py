"""A microphone that lives but cannot hear is told from a person who is quiet."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.audio.health import MicrophoneHealth

RATE = 16_000
BLOCK = RATE // 50
BIT = 1 / 2**15


def noise(seconds, level=-60.0, seed=1):
    """Give white noise of so many dB, in the steps of 16 bits."""
    random = np.random.default_rng(seed)
    samples = 10 ** (level / 20) * random.standard_normal(round(seconds * RATE))
    return (np.round(samples / BIT) * BIT).astype(np.float32)


def voice(seconds, level=-25.0, room=-60.0):
    """Give what is like a voice: syllables with pauses between them, over the room's noise."""
    moments = np.arange(round(seconds * RATE)) / RATE
    syllables = np.maximum(0, np.sin(2 * np.pi * 2.2 * moments)) ** 2
    tones = sum(np.sin(2 * np.pi * 137.3 * n * moments + n) / n for n in range(1, 25))
    sound = syllables * tones * 10 ** (level / 20)
    return (sound + noise(seconds, room, 2)).astype(np.float32)


def flat(seconds, value=0.0):
    return np.full(round(seconds * RATE), value, np.float32)


def trouble(*sounds, piece=BLOCK):
    """Give the trouble with a microphone that hears these one after another, and the samples."""
    health = MicrophoneHealth(RATE)
    sound = np.clip(np.concatenate(sounds), -1, 1).astype(np.float32)
    for start in range(0, len(sound), piece):
        health.follow(sound[start : start + piece])
        if health.trouble:
            return health.trouble, (start + piece) / RATE
    return "", len(sound) / RATE


@pytest.mark.parametrize("value", [0.0, 5 / 32768, -5 / 32768, 0.3])
def test_a_microphone_that_suddenly_gives_one_value_was_muted(value):
    reason, after = trouble(noise(15), flat(60, value))
    assert reason == "The microphone was muted: switch it on, and start again."
    assert 16 < after < 16.1


def test_a_microphone_that_only_toggles_its_last_bit_was_muted():
    toggling = np.tile([0.0, BIT], 30 * RATE)
    assert "muted" in trouble(noise(15), toggling)[0]
    random = np.random.default_rng(3).integers(0, 2, 60 * RATE) * BIT
    assert "muted" in trouble(noise(15), random)[0]


@pytest.mark.parametrize("milliseconds", [20, 4, 10.6, 100, 340])
def test_a_driver_that_repeats_its_buffer_for_ever_is_stuck(milliseconds):
    buffer = noise(milliseconds / 1000, -40)
    reason, after = trouble(noise(15), np.tile(buffer, round(8 * RATE / len(buffer))))
    assert "repeats one sound" in reason
    assert after < 17


def test_noise_or_a_hum_at_full_scale_that_clips_is_told():
    assert "driven so hard" in trouble(noise(15), noise(3, 0.0))[0]
    moments = np.arange(3 * RATE) / RATE
    hum = 1.5 * np.sin(2 * np.pi * 50.3 * moments) + noise(3)
    reason, after = trouble(noise(15), hum)
    assert "driven so hard" in reason
    assert after < 17


@pytest.mark.parametrize("gain", [0.05, 0.1])
def test_a_microphone_whose_gain_drops_is_told_within_two_seconds(gain):
    before = np.concatenate((noise(10, -55), voice(5, room=-55), noise(5, -55, 4)))
    after = gain * np.concatenate((noise(3, -55, 5), voice(2, room=-55), noise(3, -55, 6)))
    reason, when = trouble(before, after)
    assert "became much softer" in reason
    assert when <= 22


def test_a_quiet_room_and_somebody_who_speaks_now_and_then_are_no_trouble():
    for level in (-75, -60, -40):
        assert not trouble(
            noise(15, level), voice(20, room=level), noise(30, level), voice(5, room=level)
        )[0]


def test_a_shout_that_clips_is_no_trouble():
    assert not trouble(noise(15), np.clip(voice(1.2, 10), -1, 1), noise(5))[0]


def test_a_machine_that_runs_down_is_no_trouble():
    moments = np.arange(3 * RATE) / RATE
    slope = 10 ** (-35 * moments / 3 / 20)
    running_down = slope * noise(3, -30, 5) + noise(3, -65, 6)
    assert not trouble(noise(20, -30), running_down, noise(20, -65, 7))[0]


def test_a_coloured_noise_that_ends_at_once_is_no_trouble():
    rumble = np.convolve(noise(20, -20), np.ones(24) / 24, "same")
    assert not trouble(rumble + noise(20, -65, 2), noise(20, -65, 3))[0]


@pytest.mark.parametrize("begins", [(3, -0.6, 1), (3, -2)])
def test_a_microphone_that_lets_only_voices_through_is_left_alone(begins):
    parts = (*begins, 60, -60, 1, -60)
    sounds = [noise(part, seed=n) if part > 0 else flat(-part) for n, part in enumerate(parts)]
    assert not trouble(*sounds)[0]


def test_a_coach_that_speaks_all_the_time_shows_such_a_driver_by_its_pauses():
    """Its sentences are 0.4 s apart; when it waits for an answer, nothing was muted."""
    sentences = [noise(1.5, -30), flat(0.4)] * 8
    assert not trouble(*sentences, flat(60), noise(1))[0]


def test_the_gaps_of_a_wireless_microphone_do_not_make_it_such_a_driver():
    gaps = [noise(1.5), flat(0.06)] * 20
    assert "muted" in trouble(*gaps, noise(1), flat(3))[0]


def test_zeros_before_the_first_sound_mean_nothing():
    assert not trouble(flat(60), noise(3))[0]
    assert trouble(flat(5), noise(10.1), flat(2))[0]


def test_what_is_found_does_not_depend_on_the_length_of_the_pieces():
    for piece in (64, 441, 5000):
        assert "muted" in trouble(noise(15), flat(3, 0.1), piece=piece)[0]


def test_rubbish_samples_are_survived():
    assert not trouble(noise(1), flat(1, np.nan), noise(1))[0]
