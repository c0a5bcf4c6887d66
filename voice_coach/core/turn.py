"""What the functions of a session work on: its setup, a working copy of its state, its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.pace import Pace
from voice_coach.core.script import earcon_lesson, routine_sentences, write_out
from voice_coach.core.state import (
    Controls,
    Ending,
    Interruptions,
    Intro,
    Progress,
    SessionState,
    Speech,
    StopTest,
    Surroundings,
    UsageGuard,
)
from voice_coach.core.transitions import State, follow

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.core.actions import Action
    from voice_coach.core.config import SessionConfig
    from voice_coach.core.routine import Routine
    from voice_coach.core.script import ScriptStep
    from voice_coach.core.state import Then
    from voice_coach.core.transitions import Trigger


class Setup:
    """What follows from a config. It is looked up and never changes, so sessions can share it."""

    def __init__(self, config: SessionConfig) -> None:
        self.config = config
        self.language = config.language
        self.lines = config.language.coach
        self._routines = {routine.id: routine for routine in config.language.routines}
        self._scripts: dict[str, tuple[ScriptStep, ...]] = {"": ()}
        self._sentences: dict[str, tuple[str, ...]] = {}

    def routine(self, identifier: str) -> Routine | None:
        """Give a routine; None for the empty identifier."""
        return self._routines[identifier] if identifier else None

    def script(self, identifier: str) -> tuple[ScriptStep, ...]:
        """Give the steps of a routine as they are done; none for the empty identifier."""
        if identifier not in self._scripts:
            routine = self._routines[identifier]
            self._scripts[identifier] = write_out(routine, self.lines, self.config.pattern)
        return self._scripts[identifier]

    def sentences(self, identifier: str) -> tuple[str, ...]:
        """List what a session of this routine will surely say."""
        if identifier not in self._sentences:
            routine = self._routines[identifier]
            self._sentences[identifier] = routine_sentences(routine, self.language)
        return self._sentences[identifier]

    @property
    def lesson(self) -> tuple[str, ...]:
        """What teaches the earcons; only somebody who has done nothing before needs it."""
        config = self.config
        taught = config.earcons and not config.known_routines
        return earcon_lesson(self.lines, deaf=config.deaf) if taught else ()

    def initial(self) -> SessionState:
        """Give the state before the first word."""
        config = self.config
        routine = self.routine(config.routine)
        chosen = config.routine if routine and config.guard.allows(routine) else ""
        return SessionState(
            state=State.SOUND_CHECK if chosen else State.CHOOSING,
            progress=Progress(routine=chosen),
            ending=Ending(),
            speech=Speech(rate=config.rate),
            intro=Intro(known=config.known_routines),
            stop_test=StopTest(passed=config.stop_tested),
            usage=UsageGuard(config.guard, wanted=config.routine),
            interruptions=Interruptions(),
            controls=Controls(Pace(config.rate)),
            surroundings=Surroundings(),
        )


class Turn:
    """One call of a session: a working copy of its state, whose parts are replaced whole.

    The parts are all that is in ``__dict__``, so that both copies are one operation.
    """

    __slots__ = ("__dict__", "actions", "setup", "then")

    state: State
    progress: Progress
    ending: Ending
    speech: Speech
    intro: Intro
    stop_test: StopTest
    usage: UsageGuard
    interruptions: Interruptions
    controls: Controls
    surroundings: Surroundings

    def __init__(
        self, setup: Setup, before: SessionState, then: Callable[[Turn, Then, float], None]
    ) -> None:
        self.setup = setup
        self.actions: list[Action] = []
        self.then = then
        """Does what follows a passage."""
        self.__dict__.update(before.__dict__)

    def after(self) -> SessionState:
        """Give the state that this call leads to."""
        state = object.__new__(SessionState)
        state.__dict__.update(self.__dict__)
        return state

    def move(self, trigger: Trigger, before: State | None = None) -> None:
        """Change the state as the table says; `before` is what this one interrupts."""
        self.state = follow(self.state, trigger, before)

    @property
    def routine(self) -> Routine | None:
        """The routine that was chosen."""
        return self.setup.routine(self.progress.routine)

    @property
    def script(self) -> tuple[ScriptStep, ...]:
        """Its steps."""
        return self.setup.script(self.progress.routine)
