"""What the functions of a session work on: its setup, a working copy of its state, its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.adapt import GENTLE, WHOLE, adapted, without_gentle
from voice_coach.core.pace import Pace
from voice_coach.core.plan import compose
from voice_coach.core.screening import needs
from voice_coach.core.script import earcon_lesson, routine_sentences, write_out
from voice_coach.core.state import (
    Announcement,
    Controls,
    Ending,
    Interruptions,
    Intro,
    Progress,
    ScreeningState,
    SessionState,
    Speech,
    StopTest,
    Surroundings,
    UsageGuard,
)
from voice_coach.core.transitions import State, follow
from voice_coach.core.wording import varied

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.core.actions import Action
    from voice_coach.core.adapt import Adaptation
    from voice_coach.core.config import SessionConfig
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine
    from voice_coach.core.script import ScriptStep
    from voice_coach.core.state import Then
    from voice_coach.core.transitions import Trigger


def _adapted(config: SessionConfig) -> Language:
    """Give the language with its routines as the last sessions have changed them."""
    changes, language = config.changes, config.language
    if not changes:
        return language
    routines = tuple(
        adapted(routine, changes[routine.id].factor) if routine.id in changes else routine
        for routine in language.routines
    )
    return language.model_copy(update={"routines": routines})


class Setup:
    """What follows from a config. It is looked up and never changes, so sessions can share it."""

    def __init__(self, config: SessionConfig) -> None:
        self.config = config
        self.language = _adapted(config)
        self.lines = config.language.coach
        self.cautions = frozenset(
            text for routine in self.language.routines for text in routine.caution
        )
        """What "next" never skips, in a plan either."""
        self._routines: dict[str, Routine] = {
            routine.id: routine for routine in self.language.routines
        }
        self._plans: dict[str, Routine | None] = {}
        self._scripts: dict[str, tuple[ScriptStep, ...]] = {"": ()}
        self._sentences: dict[str, tuple[str, ...]] = {}

    def routine(self, identifier: str) -> Routine | None:
        """Give a routine, or the one a plan makes; None for the empty identifier."""
        if identifier and identifier not in self._plans and identifier not in self._routines:
            self._plans[identifier] = self._planned(identifier)
        return self._routines.get(identifier) or self._plans.get(identifier)

    def plain(self, identifier: str) -> Routine | None:
        """Give a routine that is no plan; None where there is none."""
        return self._routines.get(identifier)

    def allows(self, routine: Routine) -> bool:
        """Say whether the past allows this routine as a part of a plan."""
        return self.config.guard.allows(routine) and routine.id not in self.config.left_out

    def tests_the_stop(self, routine: Routine) -> bool:
        """Say whether the stop must have been tested before this routine begins."""
        table = self.config.screening
        return routine.twist or (table is not None and "stop test" in needs(routine, table))

    def _planned(self, identifier: str) -> Routine | None:
        """Make the routine of a plan; None where nothing of it is allowed."""
        area, _, minutes = without_gentle(identifier).rpartition("-")
        plans = {plan.id: plan for plan in self.language.plans}
        if assigned := self.config.assigned:
            plans[assigned.id] = assigned
        plan = plans[area]
        gentle = identifier.endswith(GENTLE)

        def allowed(routine: Routine) -> bool:
            return self.allows(routine) and (not gentle or routine.is_gentle)

        routine = compose(plan, int(minutes), self.language, allowed)
        change = self._change(identifier)
        if routine and change:
            routine = adapted(routine, change.factor)
        return routine and routine.model_copy(update={"id": identifier})

    def _change(self, identifier: str) -> Adaptation | None:
        """Give what the past changes in a routine or a plan, whole or gentle."""
        return self.config.changes.get(without_gentle(identifier))

    def script(self, identifier: str) -> tuple[ScriptStep, ...]:
        """Give the steps of a routine as they are done; none for the empty identifier."""
        if identifier not in self._scripts:
            routine = self._found(identifier)
            script = write_out(routine, self.lines, self.config.pattern)
            groups, seed = self.language.teaching.wordings, self.config.seed
            self._scripts[identifier] = script if seed is None else varied(script, groups, seed)
        return self._scripts[identifier]

    def sentences(self, identifier: str) -> tuple[str, ...]:
        """List what a session of this routine will surely say."""
        if identifier not in self._sentences:
            routine, script = self._found(identifier), self.script(identifier)
            self._sentences[identifier] = routine_sentences(routine, self.language, script)
        return self._sentences[identifier]

    def reasons(self, identifier: str) -> tuple[str, ...]:
        """Say why this routine is not as it was the last time."""
        change = self._change(identifier)
        lines = self.language.teaching.adapt.reasons
        own = (reason for reason in change.reasons if reason not in WHOLE) if change else ()
        return tuple(lines[reason] for reason in own)

    def _found(self, identifier: str) -> Routine:
        routine = self.routine(identifier)
        if routine is None:
            raise KeyError(identifier)
        return routine

    @property
    def lesson(self) -> tuple[str, ...]:
        """What teaches an earcon; only somebody who is heard and has done nothing yet needs it."""
        config = self.config
        taught = config.earcons and not config.known_routines and not config.deaf
        return earcon_lesson(self.lines) if taught else ()

    def initial(self) -> SessionState:
        """Give the state before the first word."""
        config = self.config
        routine = self.routine(config.routine)
        plain = config.routine in {one.id for one in self.language.routines}
        free = routine is not None and (
            config.screening is None or not needs(routine, config.screening)
        )
        allowed = plain and free and routine is not None and config.guard.allows(routine)
        chosen = config.routine if allowed else ""
        return SessionState(
            state=State.SOUND_CHECK if chosen else State.CHOOSING,
            progress=Progress(routine=chosen),
            ending=Ending(),
            speech=Speech(rate=config.rate),
            intro=Intro(known=config.known_routines),
            screening=ScreeningState(
                asked=config.screened, excludes=config.excludes if config.screened else None
            ),
            stop_test=StopTest(voices=2 if config.stop_tested else 0),
            usage=UsageGuard(config.guard, wanted=config.routine),
            interruptions=Interruptions(),
            controls=Controls(Pace(config.rate)),
            surroundings=Surroundings(),
            announcement=Announcement(),
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
    screening: ScreeningState
    stop_test: StopTest
    usage: UsageGuard
    interruptions: Interruptions
    controls: Controls
    surroundings: Surroundings
    announcement: Announcement

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
    def is_known(self) -> bool:
        """Whether this routine was done before; a plan counts in its gentle form, too."""
        return without_gentle(self.progress.routine) in self.intro.known

    @property
    def script(self) -> tuple[ScriptStep, ...]:
        """Its steps."""
        return self.setup.script(self.progress.routine)
