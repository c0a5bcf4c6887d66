"""The only loop: wait for an event or the next deadline, let the session decide, do what it asks.

The same loop runs live and in the studio; the stage makes the difference. Performing an action only
enqueues it. A sentence that is not rendered yet plays when it is ready, if it is still wanted. If
the voice does not render it in time, that is a fault, because the coach must not stay mute.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voice_coach.core.actions import (
    Cut,
    Duck,
    Hush,
    Listen,
    ListenForBreath,
    Prepare,
    Resume,
    Say,
    SetVolume,
)
from voice_coach.core.events import ClipReady, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voice_coach.core.actions import Action
    from voice_coach.core.events import Event
    from voice_coach.core.ports import Display, Stage, Voice
    from voice_coach.core.session import Session

REFRESH = 0.1
"""Seconds after which the display gets a new view even if nothing happened."""
MUTE = 5.0
"""Seconds of audio time a sentence may take to be rendered. It usually takes 0.03; a natural voice
took up to 3.4 for a long one on a computer seven times too busy. All cues are in memory by then."""
SILENT_VOICE = (
    "The speech engine does not answer: try 'espeak-ng hello' in a terminal, and start again."
)


class Runner:
    """Brings a session, a stage, a voice and a display together."""

    def __init__(
        self,
        session: Session,
        stage: Stage,
        voice: Voice,
        display: Display,
        witness: Callable[[float, Event | Action], None] = lambda _now, _what: None,
    ) -> None:
        self._session = session
        self._stage = stage
        self._voice = voice
        self._display = display
        self._witness = witness
        self._unrendered: list[Say] = []
        self._mute_after: float | None = None
        """Audio time after which a sentence that is not rendered is a fault; None if none waits."""

    def run(self) -> None:
        """Run the session to its end."""
        now = 0.0
        self._perform(self._session.start(now), now)
        while not self._session.over:
            deadline = self._session.deadline()
            look = now + REFRESH
            event, now = self._stage.wait(look if deadline is None else min(deadline, look))
            self._witness(now, event)
            if isinstance(event, ClipReady):
                self._play_rendered(now)
            if self._mute_after is not None and now > self._mute_after:
                self._mute_after = None
                self._stage.post(Fault("voice", SILENT_VOICE))
            self._perform(self._session.handle(event, now), now)
            self._display.show(replace(self._session.view(now), level=self._stage.level))

    def _perform(self, actions: Iterable[Action], now: float) -> None:  # noqa: C901 - a case an action
        for action in actions:
            self._witness(now, action)
            match action:
                case Say():
                    self._unrendered.append(action)
                    self._play_rendered(now)
                case Prepare(texts, rate):
                    self._voice.prepare(list(texts), rate)
                case Cut():
                    self._unrendered.clear()
                    self._mute_after = None
                    self._stage.cut()
                case Duck():
                    self._stage.duck()
                case Hush():
                    self._stage.hush()
                case Resume():
                    self._stage.resume()
                case SetVolume(decibels):
                    self._stage.set_volume(decibels)
                case Listen(commands):
                    self._stage.listen(commands)
                case ListenForBreath(on):
                    self._stage.listen_for_breath(on=on)

    def _play_rendered(self, now: float) -> None:
        """Play what waits, in order; an unrendered sentence holds up those behind it."""
        while self._unrendered:
            say = self._unrendered[0]
            clip = self._voice.clip(say.text, say.rate)
            if clip is None:
                self._mute_after = self._mute_after or now + MUTE
                return
            self._stage.play(say.say_id, clip, at=say.at, latest=say.latest)
            del self._unrendered[0]
            self._mute_after = None
