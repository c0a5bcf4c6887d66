"""Moments of real sessions, in virtual time: what a display is shown in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Fault, Heard
from voice_coach.core.session import Session
from voice_coach.core.simulation import REACTION, Simulation
from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voice_coach.core.language import Language
    from voice_coach.core.view import View

PRESS, BENDS = "assisted-press", "gentle-bends"
LEVEL = -34.0
"""Level of the microphone that is shown, in dB of full scale."""


class ShownSession:
    """A session that is led from moment to moment; every view of it is kept."""

    def __init__(self, language: Language, routine: str | None) -> None:
        config = SessionConfig(
            language=language, routine=routine or "", stop_tested=True, press_by_breath=False
        )
        self._session = Session(config)
        self._simulation = Simulation(self._session)
        self.views: list[View] = []

    def until(self, done: Callable[[View], bool]) -> View:
        """Go on until `done`, with a person who does as they are told; give that view."""
        view = self._see()
        while not done(view):
            if view.state in ANSWERS and not view.saying:
                self._simulation.advance(REACTION)
                self._simulation.hear(ANSWERS[view.state])
            elif not self._simulation.step():
                raise RuntimeError(f"nothing comes after {view.state.value}")
            view = self._see()
        return view

    def later(self, seconds: float) -> View:
        """Let time pass."""
        for _ in range(round(seconds * 10)):
            self._simulation.advance(0.1)
            self._see()
        return self.views[-1]

    def hear(self, command: Command, *, possible: bool = False) -> View:
        """Let the person say something."""
        phrase = {Command.PAIN: "it hurts"}.get(command, command.value)
        heard = Heard(command, phrase, tier="possible" if possible else "confirmed")
        self._simulation.handle(heard)
        return self.later(1.5)

    def fail(self) -> View:
        """Let the microphone be lost."""
        self._simulation.handle(
            Fault("sound", "The microphone stopped: see that it is plugged in, and start again.")
        )
        return self.later(1.0)

    def _see(self) -> View:
        view = replace(self._session.view(self._simulation.now), level=LEVEL)
        self.views.append(view)
        return view


ANSWERS = {
    State.SOUND_CHECK: Command.READY,
    State.WAITING: Command.NEXT,
    State.RATING: Command.BETTER,
    State.RESTART_PROMPT: Command.NO,
}


def scenes(language: Language) -> Iterator[tuple[str, list[View]]]:
    """Give the name of each moment, and all that was shown until then."""

    def breathing(scene: ShownSession) -> View:
        return scene.until(lambda view: bool(view.beat and view.beat.round == 1))

    scene = ShownSession(language, None)
    scene.later(2.0)
    yield "choosing", [*scene.views]
    scene = ShownSession(language, PRESS)
    scene.later(4.0)
    yield "sound-check", [*scene.views]
    scene = ShownSession(language, BENDS)
    scene.until(lambda view: view.state is State.HOLDING)
    scene.later(6.0)
    yield "holding", [*scene.views]
    scene = ShownSession(language, PRESS)
    scene.until(lambda view: view.state is State.WAITING)
    yield "waiting", [*scene.views]
    breathing(scene)
    scene.later(7.0)
    yield "breathing", [*scene.views]
    scene.hear(Command.PAUSE)
    yield "paused", [*scene.views]
    scene = ShownSession(language, PRESS)
    breathing(scene)
    scene.hear(Command.PAIN, possible=True)
    yield "question", [*scene.views]
    scene.hear(Command.YES)
    yield "pain", [*scene.views]
    scene = ShownSession(language, PRESS)
    breathing(scene)
    scene.fail()
    yield "fault", [*scene.views]
    scene = ShownSession(language, BENDS)
    scene.until(lambda view: view.state is State.RATING and not view.saying)
    yield "rating", [*scene.views]
    scene.until(lambda view: view.state is State.ENDED)
    yield "ended", [*scene.views]
