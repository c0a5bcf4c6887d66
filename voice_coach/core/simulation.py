"""A session in virtual time, without any sound: clips last as long as they are estimated to.

The session, the events and their order are those of a real stage. Only the clock jumps from one
moment to the next, and a sentence that was hushed is said again in whole, because without sound it
has no clauses. ``voice-coach rehearse`` prints what comes out of it, and most tests of the session
run on it.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.core.actions import Cut, Hush, Resume, Say
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.earcons import SECONDS as EARCON_SECONDS
from voice_coach.core.events import (
    BreathEnded,
    BreathStarted,
    ClipDropped,
    ClipFinished,
    ClipStarted,
    Heard,
    TimeReached,
)
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.remaining import WAIT
from voice_coach.core.session import Session
from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voice_coach.core.actions import Action
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine
    from voice_coach.core.screening import Table
    from voice_coach.core.script import ScriptStep

REACTION = 1.5
"""Seconds a person takes to answer, and the recogniser to be sure of it."""


ONSET, BREATH, HEARD_AFTER = 0.6, 4.5, 0.25
"""Seconds after which an obedient person breathes out, for how long, and when it is heard."""


@dataclass
class Spoken:
    """A sentence or an earcon, and when it sounded, in seconds of the session."""

    text: str
    start: float
    end: float
    """When its last sample sounded, or when it was cut."""
    cut: bool = False


class Simulation:
    """Runs a session as fast as it can be computed."""

    def __init__(
        self, session: Session, seconds: Callable[[str, int], float] = speaking_seconds
    ) -> None:
        self.session = session
        self.now = 0.0
        self.spoken: list[Spoken] = []
        """The sentences that sounded."""
        self.earcons: list[Spoken] = []
        self.actions: list[Action] = []
        """All the session ever asked for, in order."""
        self._seconds = seconds
        self._queue: tuple[Say, ...] = ()
        self._sounding: tuple[Say, Spoken] | None = None
        self._broken: Say | None = None
        """The sentence a hush broke off."""
        self._hushed = False
        self._coming: tuple[tuple[float, Event], ...] = ()
        """The breaths of an obedient person, and when each is heard to begin or to end."""
        self._perform(session.start(0.0))

    def handle(self, event: Event) -> None:
        """Let something happen now."""
        self._perform(self.session.handle(event, self.now))

    def hear(self, command: Command, choice: str = "") -> None:
        """Let a command be heard now."""
        self.handle(Heard(command, command.value, choice))

    def step(self) -> bool:
        """Jump to the next moment at which something happens; False if nothing ever will."""
        moment = self._next_moment()
        if moment is None:
            return False
        self.now = max(self.now, moment)
        if self._coming and self._coming[0][0] <= self.now:
            (_, event), *rest = self._coming
            self._coming = tuple(rest)
            self.handle(event)
        elif (sound := self._next_sound()) is not None and sound <= self.now:
            self._play()
        else:
            self.handle(TimeReached())
        return True

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + seconds
        while (moment := self._next_moment()) is not None and moment <= until:
            self.step()
        self.now = until

    def run_until(self, done: Callable[[Session], bool], limit: float = 7200) -> None:
        """Step until `done`; ``RuntimeError`` if that is not so after `limit` seconds."""
        while not done(self.session):
            if self.now > limit or not self.step():
                raise RuntimeError(f"still {self.session.state.value} at {self.now:.1f} s")

    def run_obediently(self) -> None:
        """Run to the end with a person who answers, and breathes, as the coach wants it."""
        followed = len(self.spoken)
        while not self.session.over:
            for spoken in self.spoken[followed:]:
                self._breathe(spoken)
            followed = len(self.spoken)
            if self.session.state is State.SOUND_CHECK and not self.busy:
                self.advance(REACTION)
                self.hear(Command.READY)
            elif self.session.state in (State.SCREENING, State.CONSENT) and not self.busy:
                self.advance(REACTION)
                self.hear(Command.NO)
            elif self.session.counting and self._sounding:
                self.advance(REACTION)
                self.hear(Command.PAIN)
            elif self.session.state is State.WAITING and not self.busy:
                self.advance(REACTION if self._step and self._step.source.ask else WAIT)
                self.hear(Command.NEXT)
            elif self.session.state is State.RESTART_PROMPT and not self.busy:
                self.advance(REACTION)
                self.hear(Command.NO)
            else:
                self.step()

    def _breathe(self, spoken: Spoken) -> None:
        """Breathe out as the cue wants it, if that is what was spoken."""
        breathing = self._step.breathing if self._step else None
        if breathing and spoken.text == breathing.cue_out:
            began = spoken.start + ONSET
            self._coming = (
                (began + HEARD_AFTER, BreathStarted(HEARD_AFTER, 1.0)),
                (began + BREATH, BreathEnded(HEARD_AFTER, 1.0)),
            )

    @property
    def _step(self) -> ScriptStep | None:
        number = self.session.snapshot.progress.step
        return self.session.script[number] if number >= 0 else None

    @property
    def busy(self) -> bool:
        """Whether anything sounds or waits to sound."""
        return bool(self._queue or self._sounding or self._broken)

    @property
    def sounding(self) -> str:
        """What sounds now; empty in silence."""
        return self._sounding[1].text if self._sounding else ""

    @property
    def coming(self) -> tuple[tuple[str, float], ...]:
        """What sounds and what waits to sound: texts, and audio times of their beginning."""
        sounding = ((self._sounding[1].text, self._sounding[1].start),) if self._sounding else ()
        return (*sounding, *((say.text, say.at) for say in self._queue))

    def fork(self) -> Simulation:
        """Copy it, so that both copies can go on in different ways."""
        other = copy(self)
        other.session = self.session.at(self.session.snapshot)
        other.spoken, other.earcons = [*self.spoken], [*self.earcons]
        other.actions = [*self.actions]
        if self._sounding:
            say, spoken = self._sounding
            other._row(say)[-1] = spoken = copy(spoken)  # noqa: SLF001 - it is of the same class
            other._sounding = say, spoken  # noqa: SLF001
        return other

    def _next_moment(self) -> float | None:
        heard = self._coming[0][0] if self._coming else None
        known = (heard, self._next_sound(), self.session.deadline())
        moments = [moment for moment in known if moment is not None]
        return min(moments) if moments and not self.session.over else None

    def _next_sound(self) -> float | None:
        if self._sounding:
            return self._sounding[1].end
        return self._queue[0].at if self._queue and not self._hushed else None

    def _play(self) -> None:
        if self._sounding:
            (say, _), self._sounding = self._sounding, None
            self.handle(ClipFinished(say.say_id))
            return
        say, *rest = self._queue
        self._queue = tuple(rest)
        if say.latest is not None and self.now > say.latest:
            self.handle(ClipDropped(say.say_id))
            return
        self._sound(say)
        self.handle(ClipStarted(say.say_id))

    def _sound(self, say: Say) -> None:
        spoken = Spoken(say.text, self.now, self.now + self._seconds(say.text, say.rate))
        self._row(say).append(spoken)
        self._sounding = (say, spoken)

    def _break_off(self) -> Say | None:
        """Silence what sounds; give it, if anything does."""
        if self._sounding is None:
            return None
        (say, spoken), self._sounding = self._sounding, None
        spoken.end, spoken.cut = self.now, True
        return say

    def _row(self, say: Say) -> list[Spoken]:
        return self.earcons if say.text in EARCON_SECONDS else self.spoken

    def _perform(self, actions: Iterable[Action]) -> None:
        for action in actions:
            self.actions.append(action)
            match action:
                case Say():
                    self._queue = (*self._queue, action)
                case Cut():
                    self._queue = ()
                    self._break_off()
                    self._broken, self._hushed = None, False
                case Hush():
                    self._broken, self._hushed = self._break_off(), True
                case Resume():
                    if self._broken:
                        self._sound(self._broken)
                    self._broken, self._hushed = None, False
                case _:
                    pass


def simulate(language: Language, routine: Routine, table: Table | None = None) -> Simulation:
    """Run a whole session of `routine` with a person who does as they are told.

    They have answered the questions of the `table`; without it, only a twist has a stop test.
    """
    if routine not in language.routines:
        language = language.taught_too(routine)
    config = SessionConfig(
        language=language, routine=routine.id, screening=table, screened=bool(table)
    )
    simulation = Simulation(Session(config))
    simulation.run_obediently()
    return simulation
