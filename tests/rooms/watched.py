"""A session in the studio that is watched: when each sentence began."""

import numpy as np

from voice_coach.audio.hearing_thread import DeafListener
from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room as Acoustics
from voice_coach.audio.studio import Studio
from voice_coach.core.actions import Say
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipStarted, Heard
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.session import Session
from voice_coach.core.transitions import State
from voice_coach.runner import Runner

ENOUGH = 40
"""Sentences until it hurts."""


class Clip:
    """Silence as long as the sentence."""

    def __init__(self, text, rate):
        self.samples = np.zeros(round(speaking_seconds(text, rate) * SAMPLE_RATE), np.float32)
        self.seconds = len(self.samples) / SAMPLE_RATE


class Voice:
    def prepare(self, texts, rate):
        pass

    def clip(self, text, rate):
        return Clip(text, rate)


class Watched:
    """Leads a session in the studio until it hurts, and notes when each sentence began."""

    def __init__(self, language, display, deeds=()):
        self.cues = []
        self._texts = {}
        self._deeds = dict(deeds)
        self._turned = 0.0
        self._studio = Studio(Mixer(), DeafListener(), Acoustics())
        self._session = Session(SessionConfig(language=language, routine="gentle-bends", seed=1))
        Runner(self._session, self._studio, Voice(), display, self._note).run()
        self.outcome = self._session.outcome

    def _note(self, now, what):
        if isinstance(what, Say):
            self._texts[what.say_id] = what.text
        if isinstance(what, ClipStarted):
            self.cues.append((now, self._texts[what.say_id]))
            if deed := self._deeds.get(len(self.cues)):
                deed()
            if len(self.cues) == ENOUGH:
                self._studio.post(Heard(Command.PAIN, source="key"))
        ready = {State.SOUND_CHECK: Command.READY, State.WAITING: Command.NEXT}
        if (command := ready.get(self._session.state)) and now >= self._turned + 1:
            self._turned = now
            self._studio.post(Heard(command, source="key"))


class Blank:
    def show(self, view):
        pass
