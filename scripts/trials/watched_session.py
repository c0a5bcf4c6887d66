"""A session in the studio that is watched: when each sentence begins, until it hurts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.hearing_thread import DeafListener
from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.actions import Say
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipStarted, Heard
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.session import Session
from voice_coach.core.transitions import State
from voice_coach.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from voice_coach.core.actions import Action
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.core.ports import Clip, Display
    from voice_coach.core.view import View

ENOUGH = 40
"""Sentences until it hurts."""
NO_DEEDS: Mapping[int, Callable[[], object]] = {}


class _Silence:
    """A clip as long as the sentence."""

    def __init__(self, text: str, rate: int) -> None:
        self.samples = np.zeros(round(speaking_seconds(text, rate) * SAMPLE_RATE), np.float32)
        self.seconds = len(self.samples) / SAMPLE_RATE


class _Voice:
    def prepare(self, texts: Iterable[str], rate: int) -> None:
        pass

    def clip(self, text: str, rate: int) -> Clip:
        return _Silence(text, rate)


class Blank:
    """A display that shows nothing."""

    def show(self, view: View) -> None:
        """Show nothing."""


class FastStudio(Studio):
    """The studio, as fast as it can be computed."""

    def __init__(self) -> None:
        super().__init__(Mixer(), DeafListener(), Room())


class RealTimeStudio(FastStudio):
    """The studio in real time."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.monotonic()
        self.latest = 0.0
        """Seconds by which something happened too late, at most."""

    def wait(self, deadline: float | None) -> tuple[Event, float]:
        """Compute until something happens, and wait until it is time for that."""
        event, now = super().wait(deadline)
        ahead = self._began + now - time.monotonic()
        self.latest = max(self.latest, -ahead)
        time.sleep(max(0.0, ahead))
        return event, now


class WatchedSession:
    """Leads a session to its end; at one of its sentences it hurts."""

    def __init__(
        self,
        language: Language,
        display: Display,
        deeds: Mapping[int, Callable[[], object]] = NO_DEEDS,
        *,
        enough: int = ENOUGH,
        studio: Studio | None = None,
    ) -> None:
        """Lead it, and return at its end; `deeds` are called at sentences counted from 1."""
        self.cues: list[tuple[float, str]] = []
        """When each sentence began, in audio time, and the sentence."""
        self._texts: dict[int, str] = {}
        self._deeds = deeds
        self._enough = enough
        self._turned = 0.0
        self._studio = studio or FastStudio()
        self._session = Session(SessionConfig(language=language, routine="gentle-bends", seed=1))
        Runner(self._session, self._studio, _Voice(), display, self._note).run()
        self.outcome = self._session.outcome

    def _note(self, now: float, what: Event | Action) -> None:
        if isinstance(what, Say):
            self._texts[what.say_id] = what.text
        if isinstance(what, ClipStarted):
            self.cues.append((now, self._texts[what.say_id]))
            if deed := self._deeds.get(len(self.cues)):
                deed()
            if len(self.cues) == self._enough:
                self._studio.post(Heard(Command.PAIN, source="key"))
        ready = {State.SOUND_CHECK: Command.READY, State.WAITING: Command.NEXT}
        if (command := ready.get(self._session.state)) and now >= self._turned + 1:
            self._turned = now
            self._studio.post(Heard(command, source="key"))
