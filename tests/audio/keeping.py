"""A listener and a clip for the tests of stages."""

from __future__ import annotations

from voice_coach.core.ports import SAMPLE_RATE


class KeepingListener:
    """A listener that keeps all it hears."""

    level = -30.0

    def __init__(self):
        self.microphone = []
        self.far_end = []
        self.told_to_report = []

    def hear(self, microphone, far_end):
        self.microphone.append(microphone)
        self.far_end.append(far_end)
        return []

    def move_far_end(self, samples):
        pass

    def listen(self, commands):
        self.told_to_report.append(commands)


class Clip:
    """A clip of these samples."""

    def __init__(self, samples):
        self.samples = samples

    @property
    def seconds(self):
        return len(self.samples) / SAMPLE_RATE
