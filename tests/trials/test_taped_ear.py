"""The tape beside the ear: nothing is changed by it, and nothing is lost on it."""

import numpy as np
import pytest
from trials.tape import AudioRecorder, RecordedListener

from voice_coach.audio.recording import read_recording
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.events import Heard, Noticed
from voice_coach.core.ports import BLOCK


class Ear:
    """An ear that gives the same two events for each block."""

    def __init__(self):
        self.wishes = []

    def hear(self, microphone, far_end):
        return [Noticed("hush"), Heard(Command.PAIN, "ouch", tier="possible")]

    def listen(self, commands):
        self.wishes.append(commands)


def test_what_the_ear_says_and_is_told_passes_unchanged(tmp_path):
    ear = Ear()
    taped = RecordedListener(ear, tmp_path)
    taped.listen(URGENT)
    assert ear.wishes == [URGENT]
    silence = np.zeros(BLOCK, np.float32)
    assert taped.hear(silence, silence) == ear.hear(silence, silence)


def test_the_sound_and_all_that_was_noted_are_kept(tmp_path):
    taped = RecordedListener(Ear(), tmp_path)
    loud, silence = np.full(BLOCK, 0.5, np.float32), np.zeros(BLOCK, np.float32)
    taped.listen(URGENT)
    taped.hear(silence, loud)
    taped.hear(loud, silence)
    taped.save()
    tape = AudioRecorder.load(tmp_path)
    assert (tape.seconds, tape.spoken) == pytest.approx((0.04, 0.02))
    assert [(each.kind, each.words, each.second) for each in tape.noted] == [
        ("listen", "pain, stop", 0.0),
        *[("hush", "", 0.02), ("command", "pain", 0.02)],
        *[("hush", "", 0.04), ("command", "pain", 0.04)],
    ]
    assert (tape.ends, tape.questions, tape.orders, tape.count("hush")) == (0, 2, 0, 2)
    for name, expected in (("microphone", (0, 0.5)), ("far-end", (0.5, 0))):
        kept = read_recording(tmp_path / f"{name}.wav")
        np.testing.assert_allclose(kept, np.repeat(expected, BLOCK), atol=1e-4)


def test_what_came_before_a_moment_can_be_told_apart(tmp_path):
    taped = RecordedListener(Ear(), tmp_path)
    silence = np.zeros(BLOCK, np.float32)
    taped.hear(silence, silence)
    taped.hear(silence, silence)
    taped.save()
    tape = AudioRecorder.load(tmp_path)
    assert len(tape.until(tape.noted[2].at).noted) == 2
