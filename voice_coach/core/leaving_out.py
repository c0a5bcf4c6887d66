"""Leaving a whole routine out, as a caution teaches it: with a sore neck, say "skip this one".

Before its first step, a routine that was chosen is given back, and the coach asks which one
instead. Where a plan leads over to its next routine, that one is left out. Elsewhere "skip this
one" is about the step, and means "next".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from voice_coach.core.state import SessionState
    from voice_coach.core.turn import Setup, Turn

STEPS = frozenset({State.TELLING, State.WAITING})


def after(setup: Setup, state: SessionState | Turn) -> int | None:
    """Give the step that follows if a plan's next routine is left out, counted from 0.

    None where no such routine begins; behind the last there is none.
    """
    script, here = setup.script(state.progress.routine), state.progress.step
    then = setup.language.teaching.plans.then
    begun = [n for n, step in enumerate(script) if step.say[:1] == (then.format(name=step.title),)]
    if here not in begun:
        return None
    # A step that only announces the routine is still its beginning; in any other hold, "skip this"
    # is about the hold.
    announced = state.state is State.HOLDING and len(script[here].say) == 1
    if state.state not in STEPS and not announced:
        return None
    return next((number for number in begun if number > here), len(script))


def is_offered(setup: Setup, state: SessionState | Turn) -> bool:
    """Say whether a whole routine can be left out now."""
    return state.state is State.BRIEFING or after(setup, state) is not None
