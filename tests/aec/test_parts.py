"""The canceller's parts by themselves: clock drift, delay jumps, residual echo."""

from __future__ import annotations

import numpy as np
import pytest

from voice_coach.aec.delay import FARTHEST, DelayTracker, jump
from voice_coach.aec.drift import DriftCompensator
from voice_coach.aec.suppressor import Suppressor
from voice_coach.core.ports import BLOCK

STEP = 160


def noise(samples, seed=1):
    return np.random.default_rng(seed).standard_normal(samples).astype(np.float32)


@pytest.mark.parametrize("later", [-3900, -365, -2, 2, 365, 3900])
def test_a_jump_is_found_to_the_sample(later):
    sound = noise(4 * FARTHEST)
    heard, echo = (sound[FARTHEST - by :][: 2 * FARTHEST] for by in (later, 0))
    assert jump(heard, echo, 1280) == later


def test_a_person_who_speaks_is_no_jump():
    assert jump(noise(2 * FARTHEST, 2), noise(2 * FARTHEST), 1280) == 0


def test_a_jump_is_believed_once_two_searches_agree_and_only_of_a_settled_path():
    sound = noise(100 * STEP)
    heard = np.roll(sound, 64)
    for settled, expected in ((True, [64]), (False, [])):
        tracker = DelayTracker(STEP)
        found = []
        for start in range(FARTHEST, len(sound), STEP):
            part = slice(start, start + STEP)
            if result := tracker.step(heard[part], sound[part], settled=settled):
                found.append(result.samples)
                tracker.forget()
        assert found[: len(expected) or None] == expected


def test_an_echo_in_its_place_has_not_jumped():
    tracker, sound = DelayTracker(STEP), noise(100 * STEP)
    for part in sound.reshape(-1, STEP):
        assert tracker.step(part, 0.95 * part, settled=True) is None


def test_the_far_end_is_read_as_it_was_while_the_clocks_agree():
    clock, sound = DriftCompensator(STEP), noise(40 * STEP)
    read = []
    for part in sound.reshape(-1, STEP):
        assert clock.block_slip(part) == 0
        read.append(clock.window()[STEP:])
    late = np.concatenate(read)[40:]
    assert late == pytest.approx(sound[: len(late)], abs=1e-5)


def test_a_path_that_turns_sets_the_rate():
    """An echo that comes a hundredth of a sample later each second of 100 steps."""
    clock = DriftCompensator(STEP)
    turn = np.exp(-1j * np.pi * 0.01 * np.arange(STEP + 1) / STEP)
    for second in range(20):
        for _ in range(100):
            clock.block_slip(np.zeros(STEP, np.float32))
        clock.follow(np.tile(turn**second, (3, 1)).astype(np.complex64))
    # The rate does not turn this path back, so it goes on rising.
    assert clock.rate > 0
    clock.forget()
    before = clock.rate
    clock.follow(np.ones((3, STEP + 1), np.complex64))
    assert clock.rate == before


@pytest.mark.parametrize("later", [-4.3, 0.2, 2.4, 7.9])
def test_a_path_that_turned_by_several_samples_is_not_taken_for_less(later):
    """At 300 ppm the echo comes 2.4 samples later in half a second: high tones turn right round."""
    clock = DriftCompensator(STEP)
    path = np.ones((1, STEP + 1), np.complex64)
    clock.follow(path)
    for _ in range(100):
        clock.block_slip(np.zeros(STEP, np.float32))
    turn = np.exp(-1j * np.pi * later * np.arange(STEP + 1) / STEP)
    clock.follow((path * turn).astype(np.complex64))
    adopted = 0.6
    expected = np.clip(later / (100 * STEP), -5e-4, 5e-4)
    assert clock.rate == pytest.approx(adopted * expected, rel=0.01)


def test_what_follows_the_echo_is_suppressed_and_a_person_is_not():
    suppressor, far, person = Suppressor(), noise(100 * BLOCK), noise(100 * BLOCK, 2)
    left, kept = [], []
    for number in range(100):
        part = slice(number * BLOCK, (number + 1) * BLOCK)
        speaks = 0.5 * person[part] if number >= 50 else 0
        frame = suppressor.step(1.1 * far[part] + speaks, far[part])
        (kept if number >= 50 else left).append(np.mean(frame.samples**2))
    assert np.mean(left[20:]) < 0.1 * 0.1**2
    assert np.mean(kept[1:6]) > 0.25 * 0.25
