"""The log beside the listener: nothing is changed by it, and nothing is lost on it."""

import numpy as np
import pytest
from trials.listener_log import ListenerLog, LoggingListener

from voice_coach.audio.hearing_thread import BLOCK
from voice_coach.audio.sound_reader import read_sound
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.events import Heard, Noticed


class Listener:
    """A listener that gives the same two events for each block."""

    def __init__(self):
        self.told = []

    def hear(self, microphone, far_end):
        return [Noticed("hush"), Heard(Command.PAIN, "ouch", tier="possible")]

    def listen(self, commands):
        self.told.append(commands)


def test_what_the_ear_says_and_is_told_passes_unchanged(tmp_path):
    listener = Listener()
    listener_log = LoggingListener(listener, tmp_path)
    listener_log.listen(URGENT)
    assert listener.told == [URGENT]
    silence = np.zeros(BLOCK, np.float32)
    assert listener_log.hear(silence, silence) == listener.hear(silence, silence)


def test_the_sound_and_all_that_was_noted_are_kept(tmp_path):
    listener_log = LoggingListener(Listener(), tmp_path)
    loud, silence = np.full(BLOCK, 0.5, np.float32), np.zeros(BLOCK, np.float32)
    listener_log.listen(URGENT)
    listener_log.hear(silence, loud)
    listener_log.hear(loud, silence)
    listener_log.save()
    log = ListenerLog.load(tmp_path)
    assert (log.seconds, log.spoken) == pytest.approx((0.04, 0.02))
    assert [(each.kind, each.words, each.second) for each in log.entries] == [
        ("listen", "pain, stop", 0.0),
        *[("hush", "", 0.02), ("command", "pain", 0.02)],
        *[("hush", "", 0.04), ("command", "pain", 0.04)],
    ]
    assert (log.ends, log.questions, log.commands, log.count("hush")) == (0, 2, 0, 2)
    for name, expected in (("microphone", (0, 0.5)), ("far-end", (0.5, 0))):
        kept = read_sound(tmp_path / f"{name}.wav")
        np.testing.assert_allclose(kept, np.repeat(expected, BLOCK), atol=1e-4)


def test_what_came_before_a_moment_can_be_told_apart(tmp_path):
    listener_log = LoggingListener(Listener(), tmp_path)
    silence = np.zeros(BLOCK, np.float32)
    listener_log.hear(silence, silence)
    listener_log.hear(silence, silence)
    listener_log.save()
    log = ListenerLog.load(tmp_path)
    assert len(log.until(log.entries[2].at).entries) == 2
