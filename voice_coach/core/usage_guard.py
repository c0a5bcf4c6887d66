"""What the coach advises against, and what it offers instead.

When twists come too often, it says why and offers the gentle bends; only a clear "yes, go on" leads
to the twist all the same. For some time after pain it offers gentle bends or rest, and nothing
else. How often is too often, and how long the time after pain is, guard.py decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core import ending, intro, speech_queue, stop_test
from voice_coach.core.actions import Prepare
from voice_coach.core.commands import Command
from voice_coach.core.guard import Reason
from voice_coach.core.state import evolve
from voice_coach.core.transitions import Signal, State

if TYPE_CHECKING:
    from voice_coach.core.turn import Turn

QUESTIONS = frozenset({State.TOO_OFTEN, State.AFTER_PAIN})
"""The states in which an answer is awaited here."""


def begin(turn: Turn, before: tuple[str, ...], now: float) -> None:
    """Say the first words of the session, and whatever the past gives reason to say."""
    allowed, lines = turn.usage.allowed, turn.setup.lines.usage_guard
    routine = turn.setup.routine(turn.usage.wanted)
    if allowed.hurt_often:
        before += lines.see_doctor
    if allowed.hurt_lately:
        before += (lines.felt_bad, *turn.setup.language.safety.doctor)
    if routine and not allowed.allows(routine):
        _advise_against(turn, routine.id, before, now)
    elif allowed.hurt_lately and not routine:
        _ask(turn, Signal.HURT_LATELY, (*before, *lines.after_pain), now)
    else:
        intro.begin(turn, before, now)


def choose(turn: Turn, choice: str, now: float) -> None:
    """Go on to this routine, unless something speaks against it."""
    allowed = turn.usage.allowed
    routine = turn.setup.language.routine(choice)
    if stop_test.is_refused(turn, routine) and not allowed.hurt_lately:
        stop_test.refuse(turn, now)
    elif allowed.allows(routine):
        intro.choose(turn, choice, now)
    else:
        speech_queue.cut(turn, now)
        _advise_against(turn, choice, (), now)


def answer(turn: Turn, command: Command, now: float) -> None:
    """Take the answer to what was asked."""
    usage = turn.usage
    match command:
        case Command.YES:
            routines = turn.setup.language.routines
            gentle = next(r.id for r in routines if r.id in usage.allowed.gentle)
            intro.choose(turn, gentle, now, command)
        case Command.INSIST if usage.wanted:
            intro.choose(turn, usage.wanted, now, command)
        case Command.NO if turn.state is State.AFTER_PAIN:
            ending.stop(turn, now, command)
        case Command.NO:
            turn.move(command)
            intro.restart(turn, now)
        case Command.REPEAT:
            speech_queue.cut(turn, now)
            speech_queue.speak(turn, usage.question, now)


def _advise_against(turn: Turn, routine: str, before: tuple[str, ...], now: float) -> None:
    lines, notes = turn.setup.lines.usage_guard, turn.setup.language.safety
    allowed = turn.usage.allowed
    if allowed.hurt_lately:
        question = (*before, lines.not_today, *lines.after_pain)
        _ask(turn, Signal.HURT_LATELY, question, now)
        return
    turn.usage = evolve(turn.usage, wanted=routine)
    reasons = {
        Reason.LATELY: (*lines.lately, *notes.twisting),
        Reason.OFTEN: (*lines.often, *notes.twisting),
        Reason.UNKNOWN: lines.unknown,
    }
    why = reasons[allowed.twisting] if allowed.twisting else ()
    _ask(turn, Signal.TOO_OFTEN, (*before, *why, *lines.too_often), now)


def _ask(turn: Turn, signal: Signal, question: tuple[str, ...], now: float) -> None:
    turn.move(signal)
    turn.usage = evolve(turn.usage, question=question)
    turn.actions.append(Prepare(question, turn.controls.pace.rate))
    speech_queue.speak(turn, question, now)
