"""The breath detector hears air without a voice, beside the coach, and tells when it began."""

from __future__ import annotations

import numpy as np
import pytest
from breath_sounds import air, beeps, crackle, still

from voice_coach.aec.canceller import EchoCanceller
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.hearing.breath import BreathDetector, BreathFollower

SECONDS = 11.0
ONSET = 6.0


def changes(sound, far_end=None):
    """Let the detector hear a sound; give what it tells, and when."""
    canceller, detector = EchoCanceller(), BreathDetector()
    far_end = np.zeros(len(sound), np.float32) if far_end is None else far_end
    told = []
    for at in range(0, len(sound) - BLOCK + 1, BLOCK):
        block = slice(at, at + BLOCK)
        frame = canceller.process(sound[block] + 0.3 * far_end[block], far_end[block])
        if change := detector.step(frame):
            told.append(((at + BLOCK) / SAMPLE_RATE, change))
    return told


def begun(told):
    """Give when breaths began, by what was told."""
    return [now - change.ago for now, change in told if change.started]


def test_a_breath_is_heard_once_and_its_end_too():
    """Within half a second at the beginning; its end is never told before it began to fade."""
    told = changes(still(SECONDS) + air(SECONDS, ONSET, 2.0, 0.01))
    assert begun(told) == pytest.approx([ONSET], abs=0.5)
    (end,) = [now - change.ago for now, change in told if not change.started]
    assert ONSET + 0.8 <= end <= ONSET + 2.5
    assert all(0 <= change.confidence <= 1 for _, change in told)


@pytest.mark.parametrize("sound", [still, beeps, crackle])
def test_what_is_no_breath_is_none(sound):
    """Silence, tones and a rubbed microphone begin no breath."""
    assert begun(changes(still(SECONDS) + sound(SECONDS, 0.01))) == []


def test_the_coach_alone_is_no_breath():
    """Its own voice, cancelled or not yet, is none."""
    assert begun(changes(still(SECONDS), beeps(SECONDS, 0.15))) == []


def test_after_two_breaths_what_is_far_softer_is_none_of_them():
    """The person's own loudness is learnt: a breath across the room does not count."""
    follower = BreathFollower()
    for _ in range(2):
        assert started(follower, -40.0)
    assert not started(follower, -60.0)
    assert started(follower, -45.0)


def started(follower, level):
    """Let two seconds of certain breath at this level pass, then a silence."""
    told = [follower.step(3.0, level) for _ in range(100)]
    told += [follower.step(-3.0, -80.0) for _ in range(50)]
    return any(change and change.started for change in told)
