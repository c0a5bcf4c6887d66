"""A simulated room with tones for words, and listeners that hear them by their pitch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from benchmark.echoes import Conditions
from benchmark.scene import Scene, SceneEvent

from voice_coach.core.commands import Command
from voice_coach.core.events import Heard
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.speech.clips import SpeechClip


@dataclass(frozen=True)
class Tone:
    """Stands for words."""

    hertz: int
    seconds: float = 0.5

    def make(self):
        time = np.arange(int(self.seconds * SAMPLE_RATE)) / SAMPLE_RATE
        return np.sin(2 * np.pi * self.hertz * time).astype(np.float32)


class ToneStore:
    """Makes sounds anew, with an rms of one."""

    def samples(self, sound):
        return sound.make() * np.float32(np.sqrt(2))

    def cached(self, _content, make):
        return make()


class ToneVoice:
    """Says every sentence as one low tone, as long as it would take."""

    def prepare(self, texts, rate):
        pass

    def clip(self, text, rate):
        samples = 0.03 * Tone(200, round(speaking_seconds(text, rate), 1)).make()
        return SpeechClip(text, samples)


class DeafListener:
    """Hears nothing."""

    level = None

    def listen(self, commands):
        pass

    def hear(self, microphone, far_end):
        return []


BEGINS, ENDS = 8.0, 2.0
"""Power from which on a tone is heard, and below which it is over. One as loud as the person has
35; what rings after it in the room comes and goes, and must not pass for another."""


class SharpListener(DeafListener):
    """Hears each tone as it begins, and makes of it what it was told to."""

    def __init__(self, meanings):
        self._meanings = meanings
        self._sounding = set()

    def hear(self, microphone, far_end):
        events = []
        power = np.abs(np.fft.rfft(microphone)) ** 2
        for tone, made in self._meanings.items():
            if power[tone.hertz // 50] < ENDS:
                self._sounding.discard(tone)
            elif power[tone.hertz // 50] > BEGINS and tone not in self._sounding:
                self._sounding.add(tone)
                events += made
        return events


CRY, YES, NO, READY, NEXT, COUGH = (Tone(1000 * k) for k in range(1, 7))
MEANINGS = {
    CRY: [Heard(Command.PAIN, "it hurts")],
    YES: [Heard(Command.YES, "yes")],
    NO: [Heard(Command.NO, "no")],
    READY: [Heard(Command.READY, "ready")],
    NEXT: [Heard(Command.NEXT, "next")],
}
POSSIBLE = [Heard(Command.PAIN, "it hurts", tier="possible")]


def cry(**changes):
    plain = frozenset({"plain"})
    return replace(SceneEvent(CRY, "it hurts", Command.PAIN, groups=plain), **changes)


def scene(*events, **changes):
    around = Conditions(-20.0, noise=-60.0)
    made = Scene("over/+0 dB", 1, "tune", around, "gentle-bends", events, ready=READY)
    return replace(made, **changes)
